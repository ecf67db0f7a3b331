"""Pages of Clever's lists as tests serve them, and what was asked for."""

from responses.matchers import query_param_matcher

API = "https://api.clever.com"


def id_of(number):
    return f"{number:024x}"


def page(*records, following=None):
    links = [{"rel": "self", "uri": "/v3.1/schools"}]
    if following is not None:
        links.append({"rel": "next", "uri": following})
    wrapped = [{"data": record, "uri": f"/v3.1/x/{record['id']}"} for record in records]
    return {"data": wrapped, "links": links}


def schools(*numbers, following=None):
    return page(*({"id": id_of(n)} for n in numbers), following=following)


def next_schools(after):
    return f"/v3.1/schools?limit=2&starting_after={id_of(after)}"


def serve(wire, path, json, **params):
    wire.get(f"{API}{path}", json=json, match=[query_param_matcher(params)])


def serve_count(wire, path, *counts, **params):
    for count in counts:
        serve(wire, path, {"count": count, "links": []}, count="true", **params)


def serve_schools(wire, json, after=None, count=None):
    if count is not None:
        serve_count(wire, "/v3.1/schools", count)
    cursor = {"starting_after": id_of(after)} if after else {}
    serve(wire, "/v3.1/schools", json, limit="2", **cursor)


def paths(wire):
    return [call.request.path_url for call in wire.calls]
