"""The named endpoints, called by the clients that people use: gradio_client, HTTP, MCP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

from tests.assistant.programs.serving import Running

NAMES = {
    *("search_catalog", "get_product", "ask_catalog", "answer_from_evidence"),
    *("write_ad", "rewrite_title", "classify_product", "judge_purchase_intent"),
}


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return Client(server.url, verbose=False)


def with_mcp(server: Running, use: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with (
            streamablehttp_client(f"{server.url}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await use(session)

    return asyncio.run(main())


def test_only_the_tools_are_public(client: Client):
    told = client.view_api(return_format="dict", print_info=False)
    assert {name.lstrip("/") for name in told["named_endpoints"]} == NAMES
    assert told["unnamed_endpoints"] == {}


def test_a_named_endpoint_answers_a_gradio_client(client: Client, server: Running):
    server.engine.enqueue("The capacity is 1.7 l.")
    reply = client.predict(message="what is the capacity of KE-1001?", api_name="/ask_catalog")
    assert "1.7 l" in reply["answer"]
    assert reply["citations"] == ["KE-1001"]


def test_a_fault_reaches_a_gradio_client_as_its_sentence(client: Client):
    with pytest.raises(AppError, match="no product 'XX-1'"):
        client.predict(product_id="XX-1", api_name="/get_product")


def test_values_of_the_wrong_type_are_said_by_name(client: Client):
    with pytest.raises(AppError, match="k: input should be a valid integer"):
        client.predict(query="kettle", k="many", api_name="/search_catalog")


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("get_product", ["KE-1001"], 200),
        ("get_product", ["XX-1"], 404),
        ("search_catalog", ["kettle", 0], 400),
        ("classify_product", [["a"], "", None], 400),
    ],
)
def test_plain_http_gets_the_status_of_the_fault(
    server: Running, name: str, data: list[Any], status: int
):
    reply = httpx.post(f"{server.url}/gradio_api/run/{name}", json={"data": data})
    assert reply.status_code == status
    assert "Traceback" not in reply.text


def test_a_handler_of_the_page_is_not_offered_to_clients(client: Client):
    with pytest.raises(ValueError, match="_open_rooms"):
        client.predict(api_name="/_open_rooms")


def test_an_mcp_client_finds_the_tools_with_what_each_argument_means(server: Running):
    async def use(session: ClientSession) -> Any:
        return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in with_mcp(server, use)}
    assert set(tools) == NAMES
    for tool in tools.values():
        assert tool.description and "Returns:" in tool.description
        for name, argument in tool.inputSchema["properties"].items():
            assert argument.get("description"), f"{tool.name}.{name} is not explained"
    assert tools["search_catalog"].inputSchema["required"] == ["query"]


def test_an_mcp_client_gets_json_and_a_sentence_on_a_fault(server: Running):
    async def use(session: ClientSession) -> Any:
        found = await session.call_tool("search_catalog", {"query": "running shoes"})
        missing = await session.call_tool("get_product", {"product_id": "XX-1"})
        return found, missing

    found, missing = with_mcp(server, use)
    assert not found.isError
    assert json.loads(found.content[0].text)["hits"][0]["id"] == "SH-3003"
    assert missing.isError
    assert missing.content[0].text.startswith("There is no product 'XX-1' in the catalog.")
