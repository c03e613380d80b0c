"""The routes of the HTML pages, their chart images and downloads."""

from starlette.routing import Route

from serving.http.visitor_name import save_name
from serving.pages.action import action_page, decide_by_form
from serving.pages.chart_images import (
    calibration_chart_image,
    live_loss_chart_image,
    sku_chart_image,
    supplier_chart_image,
)
from serving.pages.model import model_page
from serving.pages.monitor import monitor_page
from serving.pages.skus import sku_list_page, sku_page
from serving.pages.supplier_files import suppliers_csv, suppliers_xlsx
from serving.pages.supplier_risk import supplier_risk_page
from serving.pages.suppliers import supplier_list_page, supplier_page
from serving.pages.worklist import worklist_page

PAGES = [
    Route("/", worklist_page),
    Route("/me", save_name, methods=["POST"]),
    Route("/actions/{action_id}", action_page),
    Route("/actions/{action_id}", decide_by_form, methods=["POST"]),
    Route("/skus", sku_list_page),
    Route("/skus/{unique_id:path}", sku_page),
    Route("/suppliers", supplier_list_page),
    Route("/suppliers.csv", suppliers_csv),
    Route("/suppliers.xlsx", suppliers_xlsx),
    Route("/supplier-risk", supplier_risk_page),
    Route("/suppliers/{supplier_id:path}", supplier_page),
    Route("/model", model_page),
    Route("/monitor", monitor_page),
    Route("/drawings/model/{chart}", calibration_chart_image),
    Route("/drawings/monitor/loss", live_loss_chart_image),
    Route("/drawings/skus/{chart}/{unique_id:path}", sku_chart_image),
    Route("/drawings/suppliers/{chart}/{supplier_id:path}", supplier_chart_image),
]
