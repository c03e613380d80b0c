"""What is kept on disk: written by training and jobs, read by serving. Data files only, never pickled code.

Reading map:
- `bundle_contents.py`, `bundle.py`: a trained model as training writes it to a folder, and as it is read; read first.
- `manifest.py`, `bundle_store.py`: the checksums that prove a bundle, and the store where it is published.
- `plan_snapshot.py`, `plan_files.py`: a plan run as the service reads it, and as other programs do; `plan_manifest.py`:
  the checksums of its files.
- `plan_comparison.py`: what changed between two plan runs that are kept.
- `home_folder.py`: who may read the home, and folders that are written before they are named.
- `spreadsheet_text.py`: cells that no spreadsheet takes for a formula, in every CSV file.
- `parts/`: single files therein, forecasts and tables; `monitor_report.py`: the monitor's.
"""
