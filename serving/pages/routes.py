"""The routes of the HTML pages, their chart images and downloads."""

from starlette.routing import Route

from serving.pages.actions.action_files import actions_csv, actions_xlsx
from serving.pages.actions.action_forms import decide_by_form, note_by_form
from serving.pages.actions.action_list import action_list_page
from serving.pages.actions.action_page import action_page
from serving.pages.actions.decide_many import decide_many
from serving.pages.alerts.alert_feeds import alerts_rss, calendar_ics
from serving.pages.alerts.alert_forms import step_by_form
from serving.pages.alerts.alerts_page import alerts_csv, alerts_page, alerts_xlsx
from serving.pages.brief.brief_page import brief_json, brief_md, brief_page
from serving.pages.buy.buy_page import buy_page
from serving.pages.buy.restock_page import restock_csv, restock_page, restock_xlsx
from serving.pages.changes.change_files import changes_csv, changes_xlsx
from serving.pages.changes.changes_page import changes_page
from serving.pages.compare.compare_page import compare_page
from serving.pages.drawings import (
    calibration_drawing,
    ledger_drawing,
    live_loss_drawing,
    service_drawing,
    sku_drawing,
    spend_drawing,
    supplier_drawing,
)
from serving.pages.ledger.ledger_files import ledger_csv, ledger_xlsx
from serving.pages.ledger.ledger_page import ledger_page
from serving.pages.levers.levers_page import levers_page
from serving.pages.login.login_page import login, login_page, logout
from serving.pages.login.password_page import password_page, set_own_password
from serving.pages.loop.loop_page import loop_page
from serving.pages.model import model_page
from serving.pages.monitor import monitor_page
from serving.pages.orders.approve_many import approve_orders
from serving.pages.orders.export_many import export_ticked
from serving.pages.orders.order_downloads import orders_csv, orders_xlsx
from serving.pages.orders.order_forms import change_order_by_form, export_by_form
from serving.pages.orders.order_list import order_list_page
from serving.pages.orders.order_page import order_page, proposal_page
from serving.pages.overrides.override_forms import end_by_form, enter_override
from serving.pages.overrides.override_list import override_list_page, overrides_csv, overrides_xlsx
from serving.pages.responsible.responsible_page import (
    responsible_csv,
    responsible_page,
    responsible_xlsx,
)
from serving.pages.segments.segments_page import segments_csv, segments_page, segments_xlsx
from serving.pages.service.service_page import service_csv, service_page, service_xlsx
from serving.pages.sku.sku_list import sku_list_page, skus_csv, skus_xlsx
from serving.pages.skus import sku_page
from serving.pages.spend.spend_files import spend_csv, spend_xlsx
from serving.pages.spend.spend_page import spend_page
from serving.pages.stock.stock_lists import stock_csv, stock_page, stock_xlsx
from serving.pages.stock.stock_value_page import stock_value_csv, stock_value_page, stock_value_xlsx
from serving.pages.supplier.supplier_list import supplier_list_page
from serving.pages.supplier_files import suppliers_csv, suppliers_xlsx
from serving.pages.supplier_risk import supplier_risk_page
from serving.pages.suppliers import supplier_page
from serving.pages.what_if.what_if_page import sku_what_if_page, supplier_what_if_page

PAGES = [
    Route("/", action_list_page),
    Route("/login", login_page),
    Route("/login", login, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/password", password_page),
    Route("/password", set_own_password, methods=["POST"]),
    Route("/actions", decide_many, methods=["POST"]),
    Route("/actions.csv", actions_csv),
    Route("/actions.xlsx", actions_xlsx),
    Route("/actions/{action_id}", action_page),
    Route("/actions/{action_id}", decide_by_form, methods=["POST"]),
    Route("/actions/{action_id}/notes", note_by_form, methods=["POST"]),
    Route("/orders", order_list_page),
    Route("/orders", approve_orders, methods=["POST"]),
    Route("/orders/export", export_ticked, methods=["POST"]),
    Route("/orders.csv", orders_csv),
    Route("/orders.xlsx", orders_xlsx),
    Route("/orders/proposals/{supplier_id:path}", proposal_page),
    Route("/orders/proposals/{supplier_id:path}", change_order_by_form, methods=["POST"]),
    Route("/orders/{order_id}", order_page),
    Route("/orders/{order_id}", change_order_by_form, methods=["POST"]),
    Route("/orders/{order_id}/export", export_by_form, methods=["POST"]),
    Route("/buy", buy_page),
    Route("/restock", restock_page),
    Route("/restock.csv", restock_csv),
    Route("/restock.xlsx", restock_xlsx),
    Route("/segments", segments_page),
    Route("/segments.csv", segments_csv),
    Route("/segments.xlsx", segments_xlsx),
    Route("/spend", spend_page),
    Route("/spend.csv", spend_csv),
    Route("/spend.xlsx", spend_xlsx),
    Route("/alerts", alerts_page),
    Route("/alerts.csv", alerts_csv),
    Route("/alerts.xlsx", alerts_xlsx),
    Route("/alerts.rss", alerts_rss),
    Route("/alerts/{exception_id}", step_by_form, methods=["POST"]),
    Route("/calendar.ics", calendar_ics),
    Route("/stock", stock_page),
    Route("/stock/value", stock_value_page),
    Route("/stock/value.csv", stock_value_csv),
    Route("/stock/value.xlsx", stock_value_xlsx),
    Route("/stock.csv", stock_csv),
    Route("/stock.xlsx", stock_xlsx),
    Route("/skus", sku_list_page),
    Route("/skus.csv", skus_csv),
    Route("/skus.xlsx", skus_xlsx),
    Route("/skus/{unique_id:path}/what-if", sku_what_if_page),
    Route("/skus/{unique_id:path}", sku_page),
    Route("/suppliers", supplier_list_page),
    Route("/suppliers.csv", suppliers_csv),
    Route("/suppliers.xlsx", suppliers_xlsx),
    Route("/supplier-risk", supplier_risk_page),
    Route("/suppliers/{supplier_id:path}/what-if", supplier_what_if_page),
    Route("/suppliers/{supplier_id:path}/brief", brief_page),
    Route("/suppliers/{supplier_id:path}/brief.json", brief_json),
    Route("/suppliers/{supplier_id:path}/brief.md", brief_md),
    Route("/suppliers/{supplier_id:path}", supplier_page),
    Route("/overrides", override_list_page),
    Route("/overrides", enter_override, methods=["POST"]),
    Route("/overrides.csv", overrides_csv),
    Route("/overrides.xlsx", overrides_xlsx),
    Route("/overrides/{override_id}/end", end_by_form, methods=["POST"]),
    Route("/changes", changes_page),
    Route("/changes.csv", changes_csv),
    Route("/changes.xlsx", changes_xlsx),
    Route("/compare", compare_page),
    Route("/levers", levers_page),
    Route("/responsible", responsible_page),
    Route("/responsible.csv", responsible_csv),
    Route("/responsible.xlsx", responsible_xlsx),
    Route("/service-cost", service_page),
    Route("/service-cost.csv", service_csv),
    Route("/service-cost.xlsx", service_xlsx),
    Route("/ledger", ledger_page),
    Route("/ledger.csv", ledger_csv),
    Route("/ledger.xlsx", ledger_xlsx),
    Route("/loop", loop_page),
    Route("/model", model_page),
    Route("/monitor", monitor_page),
    Route("/drawings/model/{chart}", calibration_drawing),
    Route("/drawings/ledger", ledger_drawing),
    Route("/drawings/monitor/loss", live_loss_drawing),
    Route("/drawings/spend/months", spend_drawing),
    Route("/drawings/service/{by}", service_drawing),
    Route("/drawings/skus/{chart}/{unique_id:path}", sku_drawing),
    Route("/drawings/suppliers/{chart}/{supplier_id:path}", supplier_drawing),
]
