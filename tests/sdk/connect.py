"""Slack's own client for Socket Mode: answers every envelope with its type and its payload."""

import os
import time

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse


def answer(client, request):
    payload = {"type": request.type, "body": request.payload}
    client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))


def main():
    token = os.environ["SLACK_APP_TOKEN"]
    client = SocketModeClient(app_token=token, web_client=WebClient(base_url=os.environ["SLACK_API"]))
    client.socket_mode_request_listeners.append(answer)
    client.connect()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
