"""The template of `container/` as some parameters deploy it: conditions decided, references followed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfnlint.decode import decode_str

TEMPLATE = Path(__file__).parents[2] / "container" / "template.yaml"

IMAGE_URI = "registry.example/rlvr-verifier:0.1.0"
PLACE = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
MADE_BUCKET = "made-bucket"

_FUNCTION = "AWS::Serverless::Function"
_NOTHING = object()  # AWS::NoValue


class Refused(Exception):
    """AWS CloudFormation would not begin with these parameters."""


@dataclass(frozen=True)
class Stack:
    """What a deployment makes.

    Attributes:
        resources: each that exists, by its name in the template; literal values only.
        outputs: their values, likewise.
        parameters: the values of all, defaults included.
    """

    resources: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Any]
    parameters: Mapping[str, str]

    def of_type(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """Return the properties of all resources of a type, by name."""
        return {name: item["Properties"] for name, item in self.resources.items() if item["Type"] == kind}

    @property
    def functions(self) -> dict[str, Mapping[str, Any]]:
        """Properties of the functions, by name."""
        return self.of_type(_FUNCTION)

    @property
    def roles(self) -> dict[str, Mapping[str, Any]]:
        """Properties of the roles, by name."""
        return self.of_type("AWS::IAM::Role")


def load(text: str | None = None) -> dict[str, Any]:
    """Read a template, its tags in their long form; without a text, that of this repository."""
    template, errors = decode_str(TEMPLATE.read_text("utf-8") if text is None else text)
    assert not errors, errors
    assert isinstance(template, dict)
    return template


def deploy(text: str | None = None, place: Mapping[str, str] = PLACE, **given: str) -> Stack:
    """Follow a template to what it makes of some parameters.

    Raises:
        Refused: a parameter or a rule of the template does not let them through.
        KeyError: something is referred to that does not exist with them.
    """
    template = load(text)
    values = _values(template["Parameters"], {"ImageUri": IMAGE_URI, **given})
    following = _Following(template, {**place, **values})
    for name, rule in template.get("Rules", {}).items():
        if following.value(rule["RuleCondition"]):
            for assertion in rule["Assertions"]:
                if not following.value(assertion["Assert"]):
                    raise Refused(f"{name}: {assertion['AssertDescription']}")
    resources = {name: following.value(body) for name, body in following.existing.items()}
    outputs = {name: following.value(body["Value"]) for name, body in following.kept(template["Outputs"]).items()}
    return Stack(resources, outputs, values)


def _values(parameters: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every parameter.

    Raises:
        Refused: one is unknown, missing, or not among its allowed values.
    """
    if unknown := sorted(given.keys() - parameters.keys()):
        raise Refused(f"no such parameter: {', '.join(unknown)}")
    values = {}
    for name, parameter in parameters.items():
        if name not in given and "Default" not in parameter:
            raise Refused(f"{name} is missing")
        value = str(given.get(name, parameter.get("Default")))
        if not _fits(value, parameter):
            raise Refused(f"{name} cannot be {value!r}")
        values[name] = value
    return values


def _fits(value: str, parameter: Mapping[str, Any]) -> bool:
    if value not in map(str, parameter.get("AllowedValues", [value])):
        return False
    if not re.search(parameter.get("AllowedPattern", ""), value):
        return False
    if parameter["Type"] != "Number":
        return True
    return value.isdecimal() and int(parameter.get("MinValue", 0)) <= int(value) <= int(
        parameter.get("MaxValue", value)
    )


class _Following:
    """Follows those functions of AWS CloudFormation that the template uses, and knows no others."""

    def __init__(self, template: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._names = names
        self._conditions: Mapping[str, Any] = template["Conditions"]
        defaults = template.get("Globals", {}).get("Function", {})
        self.existing = {
            name: {**body, "Properties": {**defaults, **body["Properties"]}} if body["Type"] == _FUNCTION else body
            for name, body in self.kept(template["Resources"]).items()
        }

    def kept(self, items: Mapping[str, Any]) -> dict[str, Any]:
        """Return the items that exist: those without a condition, or whose condition holds."""
        return {
            name: body
            for name, body in items.items()
            if "Condition" not in body or self.value(self._conditions[body["Condition"]])
        }

    def value(self, node: Any) -> Any:
        """Return what a part of the template stands for."""
        if isinstance(node, list):
            return [value for item in node if (value := self.value(item)) is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key == "Ref" or key.startswith("Fn::") or (key == "Condition" and isinstance(argument, str)):
                return self._call(key, argument)
        return {str(key): value for key, item in node.items() if (value := self.value(item)) is not _NOTHING}

    def _call(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Ref", name:
                return self._ref(name)
            case "Condition", name:
                return self.value(self._conditions[name])
            case "Fn::GetAtt", [name, attribute]:
                return self._attribute(name, attribute)
            case "Fn::If", [condition, then, otherwise]:  # what is not taken may refer to what does not exist
                return self.value(then if self.value(self._conditions[condition]) else otherwise)
            case "Fn::Equals", [one, other]:
                return str(self.value(one)) == str(self.value(other))
            case "Fn::Not", [condition]:
                return not self.value(condition)
            case "Fn::And", conditions:
                return all(map(self.value, conditions))
            case "Fn::Join", [glue, parts]:
                return glue.join(map(self.value, parts))
            case "Fn::Split", [glue, whole]:
                return self.value(whole).split(glue)
            case "Fn::Sub", [text, more]:
                return self._sub(text, {name: self.value(item) for name, item in more.items()})
            case "Fn::Sub", text:
                return self._sub(text, {})
        raise AssertionError(f"the template uses {function}, which is not known here")

    def _sub(self, text: str, more: Mapping[str, str]) -> str:
        def fill(match: re.Match[str]) -> str:
            name, _, attribute = match[1].partition(".")
            if attribute:
                return str(self._attribute(name, attribute))
            return more[name] if name in more else str(self._ref(name))

        return re.sub(r"\$\{([\w:.]+)\}", fill, text)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self._names:
            return self._names[name]
        match self.existing[name]:
            case {"Type": "AWS::Serverless::Function", "Properties": {"FunctionName": own}}:
                return self.value(own)
            case {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": own}}:
                return self.value(own)
            case {"Type": "AWS::S3::Bucket"}:
                return MADE_BUCKET
        return self._arn("iam", f"policy/{name}")

    def _attribute(self, name: str, attribute: str) -> str:
        match self.existing[name]["Type"], attribute:
            case "AWS::Serverless::Function", "Arn":
                return self._arn("lambda", f"function:{self._ref(name)}")
            case "AWS::IAM::Role", "Arn":
                return self._arn("iam", f"role/{name}")
            case "AWS::S3::Bucket", "Arn":
                return f"arn:{self._names['AWS::Partition']}:s3:::{MADE_BUCKET}"
            case "AWS::EC2::SecurityGroup", "GroupId":
                return "sg-0123456789abcdef0"
        raise AssertionError(f"{name} has no {attribute} that is known here")

    def _arn(self, service: str, thing: str) -> str:
        region = "" if service == "iam" else self._names["AWS::Region"]
        return f"arn:{self._names['AWS::Partition']}:{service}:{region}:{self._names['AWS::AccountId']}:{thing}"


def as_plain_template(stack: Stack) -> str:
    """Write a deployment as JSON without AWS SAM, as SAM's own translator does it for such functions.

    In a template of SAM's the linter checks less: a reference to what is not there, for one, it lets through.
    """
    resources = {}
    for name, item in stack.resources.items():
        body = {key: value for key, value in item.items() if key != "Condition"}
        if body["Type"] == _FUNCTION:
            properties = {key: value for key, value in body["Properties"].items() if key not in ("ImageUri", "Tracing")}
            properties["Code"] = {"ImageUri": body["Properties"]["ImageUri"]}
            body = {"Type": "AWS::Lambda::Function", "Properties": properties}
        resources[name] = body
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
