"""Forms with files, as the documentation shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Request
from api.uploads import FileField
from domain.formats import FORMATS, LARGEST


def form_body(
    *files: FileField, texts: type[Request], example: Mapping[str, Any], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The body of a form with these files and texts; of the files those in ``required`` have to be there."""
    declared = texts().fields
    needed = [*(name for name, field in declared.items() if field.required), *required]
    properties = {name: _text(field) for name, field in declared.items()} | {each.name: _file(each) for each in files}
    schema = {"type": "object", "properties": properties} | ({"required": needed} if needed else {})
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
