"""Forms with files, as the documentation shows them: what belongs in one, and what it may be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields, validate

from api.openapi import LOCATION, operation
from api.parsing import Blueprint
from api.schemas.base import Request
from api.schemas.media import MediaAnswer
from api.uploads import FileField
from domain.formats import ENDINGS, FORMATS, LARGEST

_MISSING = "Missing data for required field."


def form_body(
    *files: FileField, texts: type[Request], example: Mapping[str, Any], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The body of a form with these files and texts; of the files those in ``required`` have to be there."""
    declared = texts().fields
    needed = [*(name for name, field in declared.items() if field.required), *required]
    properties = {name: _text(field) for name, field in declared.items()} | {each.name: _file(each) for each in files}
    schema = {"type": "object", "properties": properties} | ({"required": needed} if needed else {})
    return _form(schema, files, example)


def file_body(file: FileField) -> dict[str, Any]:
    """The body of a form of one file and nothing else."""
    schema = {
        "type": "object",
        "required": [file.name],
        "additionalProperties": False,
        "properties": {file.name: _file(file)},
    }
    return _form(schema, (file,), {file.name: f"(the bytes of {file.name}{ENDINGS[FORMATS[file.kind][0]][0]})"})


def file_refusals(file: FileField) -> dict[int, tuple[Any, ...]]:
    """What a form of one file may be answered."""
    return {
        400: ("malformed_request", "The body is not a whole multipart form."),
        413: ("body_too_large", "The body is larger than this address takes."),
        415: ("unsupported_media_type", "Send the file as multipart/form-data."),
        422: ("invalid_field", f"{file.name}: {_MISSING}", {"errors": {file.name: [_MISSING]}}),
        429: (
            ("too_many_uploads", "Too many attempts. Try again in 10 minutes."),
            ("too_many_upload_bytes", "You have sent as much as one may within a day. Send more tomorrow."),
        ),
        503: ("storage_unavailable", "We cannot take files right now. Try again."),
    }


def takes(
    blueprint: Blueprint, file: FileField, operation_id: str, summary: str, example: Mapping[str, Any]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Document an operation that takes one file, and answers that it is on its way through the checks."""

    def documented(post: Callable[..., Any]) -> Callable[..., Any]:
        post = blueprint.response(202, MediaAnswer, example=example, headers={"Location": LOCATION})(post)
        post = blueprint.doc(requestBody=file_body(file))(post)
        return operation(operation_id, summary, refusals=file_refusals(file))(post)

    return documented


def _form(schema: dict[str, Any], files: tuple[FileField, ...], example: Mapping[str, Any]) -> dict[str, Any]:
    types = {each.name: {"contentType": ", ".join(FORMATS[each.kind])} for each in files}
    form = {"schema": schema, "example": dict(example), "encoding": types}
    return {"required": True, "content": {"multipart/form-data": form}}


def _text(field: fields.Field) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "string"}
    longest = [rule.max for rule in field.validators if isinstance(rule, validate.Length) and rule.max]
    if isinstance(field, fields.List):
        return shown | {"description": "A comma list, or several parts of this name"}
    return shown | ({"maxLength": longest[0]} if longest else {})


def _file(file: FileField) -> dict[str, Any]:
    megabytes = LARGEST[file.kind] // 1024 // 1024
    one = {"type": "string", "format": "binary", "description": f"At most {megabytes} MB"}
    return {"type": "array", "items": one, "maxItems": file.most} if file.most > 1 else one
