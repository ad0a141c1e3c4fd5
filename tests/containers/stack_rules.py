"""What must hold of a deployment, whatever its parameters: who may do what, and who holds what."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.containers.stacks import MADE_BUCKET, Stack

HANDLERS = {"Grader": "verifier.lambda_handler", "Runner": "sandbox.runner.lambda_handler"}
INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)

_HERE = "us-east-1:123456789012"
_RUNNER_MAY_KNOW = {"VERIFIER_SPEED"}
_TYPES = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::EC2::SecurityGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::Logs::QueryDefinition",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::Serverless::Function",
}
# Of a function in AWS SAM: other ways in, other code, or rights that are not written out.
_NO_FUNCTION_HAS = {"AutoPublishAlias", "EventInvokeConfig", "Events", "FunctionUrlConfig", "Layers", "Policies"}
_OTHER_ACTIONS = {"OKActions", "InsufficientDataActions"}


class Right(NamedTuple):
    """One action on one resource, allowed or denied. `condition` is JSON, empty when there is none."""

    effect: str
    action: str
    resource: str
    condition: str = ""


def rights(document: Mapping[str, Any]) -> set[Right]:
    """Return what a policy document says, one action and one resource at a time."""
    return {
        Right(statement["Effect"], action, resource, _as_text(statement.get("Condition")))
        for statement in document["Statement"]
        for action in _as_list(statement["Action"])
        for resource in _as_list(statement["Resource"])
    }


def role_rights(role: Mapping[str, Any]) -> set[Right]:
    """Return what all policies of a role say."""
    return {right for policy in role["Policies"] for right in rights(policy["PolicyDocument"])}


def breaches(stack: Stack) -> list[str]:
    """Return what does not hold of a deployment in us-east-1 of the account 123456789012; one line for each."""
    return [
        *_of_the_whole(stack),
        *_of_functions(stack),
        *_of_roles(stack),
        *_of_callers(stack),
        *_of_the_bucket(stack),
        *_of_alarms(stack),
    ]


def _of_the_whole(stack: Stack) -> Iterator[str]:
    kinds = {item["Type"] for item in stack.resources.values()}
    if kinds - _TYPES:
        yield f"resources of a kind that no rule knows: {sorted(kinds - _TYPES)}"
    expected = {"Grader", "Runner"} if "Runner" in stack.resources else {"Grader"}
    if stack.functions.keys() != expected:
        yield f"functions: {sorted(stack.functions)}"
    for name, group in stack.of_type("AWS::EC2::SecurityGroup").items():
        ways_out = [(rule["IpProtocol"], rule["CidrIp"]) for rule in group.get("SecurityGroupEgress", [])]
        if ways_out != [("-1", "127.0.0.1/32")]:
            yield f"{name} lets something out: {ways_out}"
        if "SecurityGroupIngress" in group:
            yield f"{name} lets something in"


def _of_functions(stack: Stack) -> Iterator[str]:
    for name, function in stack.functions.items():
        own = function["FunctionName"]
        if "SageMaker" not in own or len(own) > 64:
            yield f"{name}: SageMaker does not call a function named {own}"
        if function["PackageType"] != "Image" or function["ImageConfig"] != {"Command": [HANDLERS[name]]}:
            yield f"{name}: {function['ImageConfig']} is not its command"
        module, _, attribute = HANDLERS[name].rpartition(".")
        if not callable(getattr(importlib.import_module(module), attribute)):
            yield f"{name}: {HANDLERS[name]} is no function"
        if not 512 <= int(function["MemorySize"]) <= 10240:
            yield f"{name}: {function['MemorySize']} MB"
        if function["EphemeralStorage"] != {"Size": 512} or function["Tracing"] != "Disabled":
            yield f"{name}: storage or tracing is not as it should be"
        if function.get("ReservedConcurrentExecutions") == "0":
            yield f"{name}: no concurrency, so it never runs"
        if function.keys() & _NO_FUNCTION_HAS:
            yield f"{name} has {sorted(function.keys() & _NO_FUNCTION_HAS)}"
        yield from _of_its_logs(stack, name, function)
    grader = stack.functions["Grader"]
    yield from _of_suites(stack, grader["Environment"]["Variables"])
    runner = stack.functions.get("Runner")
    if "VpcConfig" in grader:
        yield "Grader: in a VPC it reaches neither S3 nor the runner"
    if runner is None:
        if grader["Environment"]["Variables"]["VERIFIER_SANDBOX"] != "local":
            yield "Grader: asks a runner that does not exist"
        return
    if grader["Environment"]["Variables"]["VERIFIER_SANDBOX"] != f"lambda:{runner['FunctionName']}":
        yield "Grader: runs programs, though there is a runner"
    if runner["Environment"]["Variables"].keys() - _RUNNER_MAY_KNOW:
        yield f"Runner: knows {sorted(runner['Environment']['Variables'].keys() - _RUNNER_MAY_KNOW)}"
    if int(runner["Timeout"]) > int(grader["Timeout"]):
        yield "Runner: runs longer than the grader waits"


def _of_its_logs(stack: Stack, name: str, function: Mapping[str, Any]) -> Iterator[str]:
    logs = stack.of_type("AWS::Logs::LogGroup")[f"{name}Logs"]
    if logs["LogGroupName"] != f"/aws/lambda/{function['FunctionName']}":
        yield f"{name}: logs to {logs['LogGroupName']}"
    if function["LoggingConfig"] != {"LogFormat": "Text", "LogGroup": logs["LogGroupName"]}:
        yield f"{name}: does not log to its own group"
    if int(logs.get("RetentionInDays", 0)) < 1:
        yield f"{name}: logs are kept for ever"


def _of_roles(stack: Stack) -> Iterator[str]:
    for name, function in stack.functions.items():
        if not function["Role"].endswith(f":role/{name}Role"):
            yield f"{name}: has the role {function['Role']}"
    for name, role in stack.roles.items():
        if role.keys() & {"ManagedPolicyArns", "RoleName"}:
            yield f"{name}: rights that are not written out, or a fixed name"
        trusted = [(item["Principal"], item["Action"]) for item in role["AssumeRolePolicyDocument"]["Statement"]]
        if trusted != [({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")]:
            yield f"{name}: {trusted} may take it"
        expected = _grader_rights(stack) if name == "GraderRole" else _runner_rights(stack)
        for right in sorted(role_rights(role) - expected):
            yield f"{name}: too much: {' '.join(right)}"
        for right in sorted(expected - role_rights(role)):
            yield f"{name}: too little: {' '.join(right)}"


def _of_suites(stack: Stack, variables: Mapping[str, Any]) -> Iterator[str]:
    bucket = stack.parameters["SuitesBucket"] or MADE_BUCKET
    place = "/".join(filter(None, [f"s3://{bucket}", stack.parameters["SuitesPrefix"], stack.parameters["SuitesFile"]]))
    if variables["VERIFIER_SUITES"] != place:
        yield f"Grader: looks for suites in {variables['VERIFIER_SUITES']}, not in {place}"
    key = stack.parameters["SealKeyArn"]
    if variables.get("VERIFIER_SEAL_KEY") != (f"kms:{key}" if key else None):
        yield f"Grader: has the sealing key {variables.get('VERIFIER_SEAL_KEY')}"


def _grader_rights(stack: Stack) -> set[Right]:
    grader = stack.functions["Grader"]
    bucket, prefix = stack.parameters["SuitesBucket"] or MADE_BUCKET, stack.parameters["SuitesPrefix"]
    expected = {
        *_log_rights(grader),
        Right("Allow", "s3:GetObject", f"arn:aws:s3:::{bucket}/{prefix}/*"),
        Right(
            "Allow", "s3:ListBucket", f"arn:aws:s3:::{bucket}", _as_text({"StringLike": {"s3:prefix": f"{prefix}/*"}})
        ),
    }
    if "Runner" in stack.functions:
        runner = stack.functions["Runner"]["FunctionName"]
        expected.add(Right("Allow", "lambda:InvokeFunction", f"arn:aws:lambda:{_HERE}:function:{runner}"))
    key = stack.parameters["SuitesKeyArn"]
    if key:
        only_s3 = _as_text({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})
        expected.add(Right("Allow", "kms:Decrypt", key, only_s3))
    key = stack.parameters["SealKeyArn"]
    if key:
        sealed = _as_text({"StringEquals": {"kms:EncryptionContext:rlvr-verifier": "sealed suites"}})
        expected.add(Right("Allow", "kms:Decrypt", key, sealed))
    models = stack.parameters["FeedbackModelArns"]
    if models:
        expected |= {Right("Allow", "bedrock:InvokeModel", model) for model in models.split(",")}
    return expected


def _runner_rights(stack: Stack) -> set[Right]:
    runner = stack.functions["Runner"]
    expected = set(_log_rights(runner))
    if "VpcConfig" in runner:
        own = _as_text(
            {"ArnEquals": {"lambda:SourceFunctionArn": f"arn:aws:lambda:{_HERE}:function:{runner['FunctionName']}"}}
        )
        expected |= {Right("Allow", action, f"arn:aws:ec2:{_HERE}:*/*") for action in INTERFACES}
        expected |= {Right("Allow", f"ec2:Describe{what}", "*") for what in ("NetworkInterfaces", "Subnets")}
        expected.add(Right("Deny", "ec2:*", "*", own))
    return expected


def _log_rights(function: Mapping[str, Any]) -> Iterator[Right]:
    streams = f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/{function['FunctionName']}:*"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield Right("Allow", action, streams)


def _of_callers(stack: Stack) -> Iterator[str]:
    grader = stack.functions["Grader"]["FunctionName"]
    may_call = {Right("Allow", "lambda:InvokeFunction", f"arn:aws:lambda:{_HERE}:function:{grader}")}
    for name, permission in stack.of_type("AWS::Lambda::Permission").items():
        trainer = stack.parameters["TrainerRoleArn"]
        expected = {"FunctionName": grader, "Action": "lambda:InvokeFunction", "Principal": trainer}
        if permission != expected or not trainer:
            yield f"{name}: {permission}"
    for name, policy in stack.of_type("AWS::IAM::ManagedPolicy").items():
        if rights(policy["PolicyDocument"]) != may_call or policy.keys() - {"Description", "PolicyDocument"}:
            yield f"{name}: says something else than to call the grader"
    if rights({"Statement": [json.loads(stack.outputs["TrainerStatement"])]}) != may_call:
        yield "TrainerStatement: says something else than to call the grader"


def _of_the_bucket(stack: Stack) -> Iterator[str]:
    buckets, policies = stack.of_type("AWS::S3::Bucket"), stack.of_type("AWS::S3::BucketPolicy")
    if stack.parameters["SuitesBucket"]:
        if buckets or policies:
            yield "a bucket is made, though there is one"
        return
    if buckets.keys() != {"Suites"} or policies.keys() != {"SuitesOverTls"}:
        yield f"buckets: {sorted(buckets)}, policies: {sorted(policies)}"
        return
    for name in ("Suites", "SuitesOverTls"):
        if {stack.resources[name].get(policy) for policy in ("DeletionPolicy", "UpdateReplacePolicy")} != {"Retain"}:
            yield f"{name}: may be removed with the stack"
    bucket = buckets["Suites"]
    blocked = bucket.get("PublicAccessBlockConfiguration", {})
    if len(blocked) != 4 or not all(value is True for value in blocked.values()):
        yield "Suites: may become public"
    if bucket.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
        yield "Suites: others may own its objects"
    if bucket.get("VersioningConfiguration") != {"Status": "Enabled"}:
        yield "Suites: keeps no versions"
    key = stack.parameters["SuitesKeyArn"]
    rule = {
        "BucketKeyEnabled": True,
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
    }
    expected = rule if key else {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    if bucket.get("BucketEncryption") != {"ServerSideEncryptionConfiguration": [expected]}:
        yield "Suites: not encrypted as asked for"
    over_tls = _as_text({"Bool": {"aws:SecureTransport": "false"}})
    arn = f"arn:aws:s3:::{MADE_BUCKET}"
    policy = policies["SuitesOverTls"]
    everybody = all(statement["Principal"] == "*" for statement in policy["PolicyDocument"]["Statement"])
    denied = {Right("Deny", "s3:*", resource, over_tls) for resource in (arn, f"{arn}/*")}
    if policy["Bucket"] != MADE_BUCKET or not everybody or rights(policy["PolicyDocument"]) != denied:
        yield "SuitesOverTls: does not keep everybody to TLS, or does more"


def _of_alarms(stack: Stack) -> Iterator[str]:
    topic = stack.parameters["AlarmTopicArn"]
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        if alarm.get("AlarmActions", []) != ([topic] if topic else []) or alarm.keys() & _OTHER_ACTIONS:
            yield f"{name}: does something else than tell the topic"
        if alarm["TreatMissingData"] != "notBreaching":
            yield f"{name}: rings while nothing is trained"


def _as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _as_text(condition: Any) -> str:
    return json.dumps(condition, sort_keys=True) if condition else ""
