"""An application that reports with the Sentry SDK of Python: `sentry_sdk_job.py DSN SLUG`."""
import logging
import sys

import sentry_sdk

DSN, SLUG = sys.argv[1:]
MONITOR = {"schedule": {"type": "crontab", "value": "0 3 * * *"}, "timezone": "Europe/Lisbon", "checkin_margin": 30}


def check_in(status, check_in_id):
    """As newer versions send it by themselves; older ones have the envelope only."""
    if hasattr(sentry_sdk, "crons"):
        from sentry_sdk.crons import capture_checkin

        capture_checkin(monitor_slug=SLUG, check_in_id=check_in_id, status=status, monitor_config=MONITOR)
        return
    from sentry_sdk.envelope import Envelope, Item, PayloadRef

    said = {"monitor_slug": SLUG, "check_in_id": check_in_id, "status": status, "monitor_config": MONITOR}
    envelope = Envelope()
    envelope.add_item(Item(PayloadRef(json=said), type="check_in"))
    sentry_sdk.Hub.current.client.transport.capture_envelope(envelope)


def total(prices):
    return sum(prices) / len(prices)


sentry_sdk.init(dsn=DSN, release="shop@1.4.2", environment="staging", traces_sample_rate=1.0)
check_in("in_progress", "0123456789abcdef0123456789abcdef")
sentry_sdk.add_breadcrumb(category="cart", message="opened the cart")
logging.getLogger("shop").warning("the cart is empty")
with sentry_sdk.push_scope() as scope:
    scope.set_tag("plan", "free")
    scope.set_context("cart", {"items": 0, "password": "of-a-person"})
    try:
        total([])
    except ZeroDivisionError as e:
        sentry_sdk.capture_exception(e)
sentry_sdk.capture_message("stock is low", level="warning")
check_in("error", "0123456789abcdef0123456789abcdef")
sentry_sdk.flush(5)
raise KeyError("nobody caught this")
