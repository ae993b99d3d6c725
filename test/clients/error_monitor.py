"""An application that reports with the Python SDK of Error Monitor: `error_monitor.py BASE TOKEN`."""
import asyncio
import sys
import traceback

import requests


class ErrorMonitor:
    """As its document shows it; the base has /api/v1 already, and it adds another."""

    def __init__(self, project_token, api_url):
        self.project_token = project_token
        self.api_url = api_url.rstrip("/") + "/api/v1"

    async def send_heartbeat(self, version, additional_data):
        beat = {"project_token": self.project_token, "status": "alive", "version": version}
        await self.post("/heartbeat", {**beat, "additional_data": additional_data})

    async def send_error(self, error, context=None):
        await self.post("/log", self.told(error, context))

    async def send_batch(self, errors):
        await self.post("/log", {"errors": [self.told(error) for error in errors]})

    def told(self, error, context=None):
        stack = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        described = {"type": type(error).__name__, "message": str(error), "stack_trace": stack}
        return {
            "project_token": self.project_token,
            "error": {**described, "severity": "error", "context": context or {}},
        }

    async def post(self, path, body):
        answer = await asyncio.to_thread(requests.post, self.api_url + path, json=body, timeout=5)
        print(answer.status_code, answer.json()["message"])


def checkout(cart):
    return cart["total"] / cart["people"]


async def main():
    monitor = ErrorMonitor(project_token=sys.argv[2], api_url=sys.argv[1] + "/api/v1")
    await monitor.send_heartbeat(version="1.0.0", additional_data={"env": "production"})
    caught = []
    for cart in [{"total": 9, "people": 0}, {"people": 2}, {"total": 7, "people": 0}]:
        try:
            checkout(cart)
        except Exception as e:
            caught.append(e)
    await monitor.send_error(caught[0], context={"important": "data", "password": "of-a-person"})
    await monitor.send_batch(caught[1:])


asyncio.run(main())
