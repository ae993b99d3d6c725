"""The example client of MishPulse, a beat for each line that it reads instead of one a minute: "ok", or what goes wrong."""
import sys

import requests

URL = sys.argv[1]

for line in sys.stdin:
    try:
        if line.strip() != "ok":
            raise RuntimeError(line.strip())
        answer = requests.post(URL, json={"status": "ok"})
    except Exception as e:
        answer = requests.post(URL, json={"status": "error", "message": str(e)})
    print(answer.status_code, answer.text, flush=True)
