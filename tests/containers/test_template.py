"""The deployment template, and what docs/deploy.md says of it: linted, then read as AWS CloudFormation would read it.

Nothing here runs on AWS. What a deployment may do is decided from the text of the template (stacks.py, stack_rules.py),
and every rule is shown to see the mistake that it is there for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import boto3.session
import pytest
import yaml
from cfnlint.api import lint, lint_file

from sandbox.job import Limits
from sandbox.runner.function import longest_run_seconds
from tests.containers.stack_rules import Right, breaches, rights, role_rights
from tests.containers.stacks import PLACE, TEMPLATE, Refused, as_plain_template, deploy, load
from tests.testsuites.s3_server import BUCKET, S3Server, s3_server, settings_for
from testsuites.store import open_store
from verifier.settings import Settings

DEPLOY_PAGE = TEMPLATE.parents[1] / "docs" / "deploy.md"
BUNDLED = TEMPLATE.parents[1] / "testsuites" / "bundled"

VPC = {"RunnerVpcId": "vpc-0123456789abcdef0", "RunnerSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1"}
KEY = {"SuitesKeyArn": "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-0000-1111-2222-333344445555"}
SEALED = {
    "SuitesFile": "suites.sealed",
    "SealKeyArn": "arn:aws:kms:us-east-1:123456789012:key/9b1c2d3e-0000-1111-2222-333344445555",
}
TRAINER = {"TrainerRoleArn": "arn:aws:iam::123456789012:role/service/trainer"}
TOPIC = {"AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms"}
MODELS = {
    "FeedbackModelArns": "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0,"
    "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0,"
    "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-pro-v1:0"
}
DEPLOYMENTS = {
    "defaults": {},
    "one function": {"Split": "false", "Workers": "2", "GraderMemory": "3538"},
    "network": VPC,
    "own bucket": {"SuitesBucket": "my-suites", "SuitesPrefix": "code/v2"},
    "an archive": {"SuitesFile": "v2.zip"},
    "sealed": SEALED,
    "own bucket and key": {"SuitesBucket": "my-suites", **KEY},
    "nothing reserved": {"GraderConcurrency": "0", "RunnerConcurrency": "0"},
    "not watched": {"MetricsNamespace": ""},
    "AI feedback": {"FeedbackModelArns": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"},
    "everything": {
        **TOPIC,
        **VPC,
        **KEY,
        **SEALED,
        **TRAINER,
        **MODELS,
        "Prefix": "p" * 40,
        "Architecture": "arm64",
        "Policy": "/opt/policy.toml",
        "Envelope": "http",
        "Speed": "0.75",
    },
}

deployments = pytest.mark.parametrize("given", DEPLOYMENTS.values(), ids=DEPLOYMENTS)


def test_the_linter_finds_nothing() -> None:
    """cfn-lint is silent about the template."""
    assert [str(match) for match in lint_file(TEMPLATE)] == []


@deployments
def test_the_linter_finds_nothing_in_a_deployment(given: Mapping[str, str]) -> None:
    """Nor about what comes of it, where every value is literal and must have the form that AWS wants."""
    assert [str(match) for match in lint(as_plain_template(deploy(**given)))] == []


def test_it_fits_into_one_request() -> None:
    """AWS CloudFormation takes 51,200 bytes; for more, `sam deploy` would need a bucket. It writes YAML of its own."""
    written = yaml.safe_dump(json.loads(json.dumps(load())), sort_keys=False)
    assert max(len(written), TEMPLATE.stat().st_size) < 51_200 - 1_000


def test_the_linter_finds_mistakes() -> None:
    """The two tests above can fail."""
    text = TEMPLATE.read_text("utf-8")
    assert lint(text.replace("LogGroup: !Ref RunnerLogs", "LogsGroup: !Ref RunnerLogs"))
    assert lint(as_plain_template(deploy(text.replace("Size: 512", "Size: 12"))))


@deployments
def test_who_may_do_what(given: Mapping[str, str]) -> None:
    """Each role has the rights that it needs and no other, and all else that stack_rules.py says holds."""
    assert breaches(deploy(**given)) == []


MISTAKES = {
    "the runner may read suites": (
        "${RunnerLogs}:*",
        "${RunnerLogs}:*\n              - {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'}",
        "RunnerRole: too much",
    ),
    "the runner may make log groups": (
        "[logs:CreateLogStream, logs:PutLogEvents]\n                Resource: !Sub arn:${AWS::Partition}:logs:"
        "${AWS::Region}:${AWS::AccountId}:log-group:${RunnerLogs}",
        "[logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents]\n                Resource: !Sub "
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${RunnerLogs}",
        "RunnerRole: too much: Allow logs:CreateLogGroup",
    ),
    "the runner may write any log": ("log-group:${RunnerLogs}:*", "log-group:*", "RunnerRole: too much"),
    "the runner knows the suites": (
        "        Variables:\n          VERIFIER_SPEED",
        "        Variables:\n          VERIFIER_SUITES: s3://b/suites\n          VERIFIER_SPEED",
        "Runner: knows ['VERIFIER_SUITES']",
    ),
    "the runner has the grader's role": ("!GetAtt RunnerRole.Arn", "!GetAtt GraderRole.Arn", "Runner: has the role"),
    "the runner's role has a managed policy": (
        "  RunnerRole:\n    Type: AWS::IAM::Role\n    Condition: HasRunner\n    Properties:",
        "  RunnerRole:\n    Type: AWS::IAM::Role\n    Condition: HasRunner\n    Properties:\n"
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]",
        "RunnerRole: rights that are not written out",
    ),
    "the runner has interfaces without a network": (
        "- HasVpc\n          - PolicyName",
        "- HasRunner\n          - PolicyName",
        "ec2:",
    ),
    "the grader may read the whole bucket": ("${Bucket}/${SuitesPrefix}/*\n", "${Bucket}/*\n", "GraderRole: too much"),
    "the grader may list the whole bucket": ("s3:prefix: !Sub ${SuitesPrefix}/*", "s3:prefix: '*'", "s3:ListBucket"),
    "the grader may decrypt anything with the sealing key": (
        "kms:EncryptionContext:rlvr-verifier: sealed suites",
        "kms:EncryptionContext:rlvr-verifier: ''",
        "GraderRole: too much: Allow kms:Decrypt",
    ),
    "the grader looks for suites elsewhere": (
        "${SuitesPrefix}${File}",
        "${SuitesPrefix}",
        "Grader: looks for suites in",
    ),
    "the grader is not told the sealing key": ('"kms:${SealKeyArn}"', '"${SealKeyArn}"', "Grader: has the sealing key"),
    "the grader may write suites": ("Action: s3:GetObject", "Action: [s3:GetObject, s3:PutObject]", "s3:PutObject"),
    "the grader may do all with S3": ("Action: s3:GetObject", "Action: s3:*", "GraderRole: too much: Allow s3:*"),
    "the grader may call every function": ("Resource: !GetAtt Runner.Arn", 'Resource: "*"', "lambda:InvokeFunction *"),
    "the grader may ask every model": (
        'Resource: !Split [",", !Ref FeedbackModelArns]',
        'Resource: "*"',
        "GraderRole: too much: Allow bedrock:InvokeModel *",
    ),
    "the grader may do all with models": ("Action: bedrock:InvokeModel", "Action: bedrock:*", "Allow bedrock:*"),
    "the grader may ask models that nobody named": (
        "- AsksModels\n          - PolicyName",
        "- HasRunner\n          - PolicyName",
        "GraderRole: too much: Allow bedrock:InvokeModel",
    ),
    "the grader may ask none": (
        "- AsksModels\n          - PolicyName",
        "- HasVpc\n          - PolicyName",
        "too little: Allow bedrock:InvokeModel",
    ),
    "the grader runs programs": (
        'VERIFIER_SANDBOX: !If [HasRunner, !Sub "lambda:${Runner}", local]',
        "VERIFIER_SANDBOX: local",
        "runs programs",
    ),
    "anybody may take the role": ("Principal: { Service: lambda.amazonaws.com }", 'Principal: "*"', "may take it"),
    "anybody may call the grader": (
        "Principal: !Ref TrainerRoleArn",
        'Principal: "*"',
        "TrainerPermission",
    ),
    "the trainer may call the runner": (
        "FunctionName: !Ref Grader\n      Action",
        "FunctionName: !Ref Runner\n      Action",
        "TrainerPermission",
    ),
    "the trainer may call all functions": (
        "Resource: !GetAtt Grader.Arn",
        "Resource: '*'",
        "TrainerPolicy: says something else",
    ),
    "a function has an address": (
        "        Command: [verifier.lambda_handler]",
        "        Command: [verifier.lambda_handler]\n      FunctionUrlConfig: {AuthType: NONE}",
        "FunctionUrlConfig",
    ),
    "SageMaker would not call it": (
        "FunctionName: !Sub ${Prefix}-SageMaker-grader",
        "FunctionName: !Sub ${Prefix}-grader",
        "SageMaker does not call",
    ),
    "a handler that is not there": ("sandbox.runner.lambda_handler", "sandbox.runner.handler", "is not its command"),
    "the functions trade their code": (
        "[verifier.lambda_handler]",
        "[sandbox.runner.lambda_handler]",
        "is not its command",
    ),
    "a storage for programs": ("Size: 512", "Size: 10240", "storage or tracing"),
    "traces": ("Tracing: Disabled", "Tracing: Active", "storage or tracing"),
    "logs for ever": ("RetentionInDays: !Ref LogRetentionDays", "RetentionInDays: !Ref AWS::NoValue", "kept for ever"),
    "no reservation means no run": (
        "!If [ReservesRunners, !Ref RunnerConcurrency, !Ref AWS::NoValue]",
        "!Ref RunnerConcurrency",
        "never runs",
    ),
    "a way out": ("127.0.0.1/32", "0.0.0.0/0", "lets something out"),
    "the rule against ways out is gone": (
        '          IpProtocol: "-1"\n          CidrIp: 127.0.0.1/32',
        "          IpProtocol: tcp\n          CidrIp: 127.0.0.1/32",
        "lets something out",
    ),
    "code may use the interfaces": (
        "Effect: Deny\n                  Action: ec2:*",
        "Effect: Allow\n                  Action: ec2:*",
        "too much: Allow ec2:*",
    ),
    "a public bucket": ("BlockPublicPolicy: true", "BlockPublicPolicy: false", "may become public"),
    "half of a private bucket": ("        RestrictPublicBuckets: true\n", "", "may become public"),
    "a bucket in clear": ("SSEAlgorithm: !If [HasKey, aws:kms, AES256]", "SSEAlgorithm: aws:kms", "not encrypted"),
    "a bucket without TLS": ('aws:SecureTransport: "false"', 'aws:SecureTransport: "true"', "TLS"),
    "TLS for some": (
        '          - Effect: Deny\n            Principal: "*"',
        "          - Effect: Deny\n            Principal: {AWS: '123456789012'}",
        "TLS",
    ),
    "objects of others": ("BucketOwnerEnforced", "ObjectWriter", "others may own"),
    "no versions": ("Status: Enabled", "Status: Suspended", "keeps no versions"),
    "suites go with the stack": (
        "DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain",
        "DeletionPolicy: Delete\n    UpdateReplacePolicy: Retain",
        "may be removed",
    ),
    "an alarm acts": (
        "AlarmActions: !If [HasTopic, [!Ref AlarmTopicArn]",
        "AlarmActions: !If [HasRunner, [arn:x]",
        "tell",
    ),
    "an alarm rings at night": ("TreatMissingData: notBreaching", "TreatMissingData: breaching", "nothing is trained"),
    "a queue": (
        "  TrainerPolicy:\n",
        "  Queue: {Type: AWS::SQS::Queue, Properties: {}}\n  TrainerPolicy:\n",
        "no rule knows",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_seen(right: str, wrong: str, words: str) -> None:
    """One mistake planted in the template breaks a rule, in at least one of the deployments, and the rule says what."""
    text = TEMPLATE.read_text("utf-8")
    assert right in text
    planted = text.replace(right, wrong)
    seen = [line for given in DEPLOYMENTS.values() for line in breaches(deploy(planted, **given))]
    assert any(words in line for line in seen), seen


def test_what_does_not_exist_is_not_referred_to() -> None:
    """A reference to the runner that is left in a deployment without one is an error, not a gap."""
    text = TEMPLATE.read_text("utf-8").replace(
        '!If [HasRunner, !Sub "lambda:${Runner}", local]', '!Sub "lambda:${Runner}"'
    )
    with pytest.raises(KeyError):
        deploy(text, Split="false")


@pytest.mark.parametrize(
    "given",
    [
        {"ImageUri": "rlvr-verifier"},
        {"ImageUri": "registry.example/rlvr-verifier"},
        {"Prefix": "p" * 41},
        {"Prefix": "a_b"},
        {"Split": "yes"},
        {"Architecture": "riscv64"},
        {"SuitesPrefix": "*"},
        {"SuitesPrefix": ""},
        {"SuitesPrefix": "suites/"},
        {"SuitesPrefix": "a//b"},
        {"SuitesPrefix": "a/../b"},
        {"SuitesPrefix": "su?tes"},
        {"SuitesPrefix": "${aws:username}"},
        {"SuitesBucket": "*"},
        {"SuitesKeyArn": "alias/suites"},
        {"SuitesKeyArn": "arn:aws:kms:us-east-1:123456789012:key/*"},
        {"SuitesFile": "suites"},
        {"SuitesFile": "*.zip"},
        {"SuitesFile": "../suites.zip"},
        {"SuitesFile": "suites.sealed", "SealKeyArn": "alias/suites"},
        {"SuitesFile": "suites.sealed", "SealKeyArn": "arn:aws:kms:us-east-1:123456789012:key/*"},
        {"SealKeyArn": SEALED["SealKeyArn"]},
        {"TrainerRoleArn": "*"},
        {"TrainerRoleArn": "arn:aws:iam::123456789012:role/*"},
        {"TrainerRoleArn": "arn:aws:iam::123456789012:root"},
        {"Policy": "generous"},
        {"FeedbackModelArns": "*"},
        {"FeedbackModelArns": "amazon.nova-pro-v1:0"},
        {"FeedbackModelArns": "arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0"},
        {"FeedbackModelArns": "arn:aws:bedrock:us-east-1::foundation-model/*"},
        {"FeedbackModelArns": "arn:aws:s3:us-east-1::foundation-model/amazon.nova-pro-v1:0"},
        {"FeedbackModelArns": "," + MODELS["FeedbackModelArns"]},
        {"FeedbackModelArns": MODELS["FeedbackModelArns"] + ","},
        {"FeedbackModelArns": ",".join(["arn:aws:bedrock:::foundation-model/a"] * 17)},
        {"Envelope": "xml"},
        {"Workers": "0"},
        {"Speed": "fast"},
        {"GraderMemory": "128"},
        {"GraderTimeout": "3"},
        {"RunnerTimeout": "901"},
        {"LogRetentionDays": "0"},
        {"MetricsNamespace": "AWS/Lambda"},
        {"MetricsNamespace": "a b"},
        {"AlarmTopicArn": "alarms"},
        {"CollapsePercent": "101"},
        {"RunnerVpcId": "vpc-0123456789abcdef0"},
        {**VPC, "RunnerSubnetIds": "subnet-1"},
        {**VPC, "Split": "false"},
    ],
    ids=str,
)
def test_parameters_that_cannot_be(given: dict[str, str]) -> None:
    """Before anything is made the template refuses what would fail later, or would widen a right."""
    with pytest.raises(Refused):
        deploy(**given)


def test_every_parameter_is_explained_and_in_a_group() -> None:
    """Each has a description, a bound on its values, and a place on the console's page."""
    template = load()
    bounds = {"AllowedValues", "AllowedPattern", "MinValue"}
    for name, parameter in template["Parameters"].items():
        assert len(parameter["Description"]) > 20, name
        assert bounds & parameter.keys(), name
        assert "AllowedPattern" not in parameter or "ConstraintDescription" in parameter, name
        assert "MinValue" not in parameter or "MaxValue" in parameter, name
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]
    assert sorted(listed) == sorted(template["Parameters"])


@deployments
def test_the_grader_takes_its_settings(given: Mapping[str, str]) -> None:
    """The handler reads the variables that the template sets, and finds in them what the parameters say."""
    stack = deploy(**given)
    settings = Settings.from_environment(stack.functions["Grader"]["Environment"]["Variables"])
    assert settings.suites == stack.outputs["SuitesLocation"]
    assert settings.sandbox.startswith("lambda:") == ("RunnerArn" in stack.outputs)
    assert settings.workers == int(stack.parameters["Workers"])
    assert (settings.metrics or "") == stack.parameters["MetricsNamespace"]
    assert (settings.policy, settings.envelope) == (stack.parameters["Policy"], stack.parameters["Envelope"])


def test_the_runners_time_out_takes_a_test_with_the_usual_limits() -> None:
    """The slowest test of a suite without limits of its own fits, on a machine of half the speed of the reference."""
    timeout = int(deploy().functions["Runner"]["Timeout"])
    assert 2 * longest_run_seconds(Limits().at_speed(0.5), calls=True) < timeout


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    """Run a server of S3 that holds the bundled suites."""
    with s3_server() as server:
        server.upload(BUNDLED, "suites")
        yield server


def test_the_graders_role_is_enough_to_read_suites(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request that the store makes of S3 while it lists and loads all suites is one that the role allows."""
    for name, value in settings_for(s3.url).items():
        monkeypatch.setenv(name, value)
    needed = set()

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        """Keep which right a request takes; called by botocore for each."""
        arn = f"arn:aws:s3:::{params['Bucket']}"
        if model.name == "ListObjectsV2":
            needed.add(("s3:ListBucket", arn, params["Prefix"]))
        else:
            needed.add((f"s3:{model.name}", f"{arn}/{params.get('Key')}", ""))

    make_client = boto3.session.Session.client

    def client(session: Any, *args: Any, **kwargs: Any) -> Any:
        made = make_client(session, *args, **kwargs)
        made.meta.events.register("provide-client-params.s3", note)
        return made

    monkeypatch.setattr(boto3.session.Session, "client", client)
    store = open_store(f"s3://{BUCKET}/suites")
    for suite_id in store.ids():
        store.load(suite_id)
    allowed = role_rights(deploy(SuitesBucket=BUCKET).roles["GraderRole"])
    assert {action for action, *_ in needed} == {"s3:ListBucket", "s3:GetObject"}
    assert [request for request in sorted(needed) if not _allows(allowed, *request)] == []


def _allows(allowed: set[Right], action: str, resource: str, prefix: str) -> bool:
    """Whether a right allows a request; `prefix` is that of a listing."""
    for right in allowed:
        prefixes = json.loads(right.condition or "{}").get("StringLike", {}).get("s3:prefix", "*")
        fits = fnmatchcase(resource, right.resource) and fnmatchcase(prefix, prefixes)
        if right.action == action and fits:
            return True
    return False


DOCUMENTED = {"grader": "GraderRole", "runner": "RunnerRole"}


@pytest.mark.parametrize("who", [*DOCUMENTED, "trainer"])
def test_the_deploy_page_has_the_statements_of_the_template(who: str) -> None:
    """The JSON under a role's heading says what the template gives that role, to the letter."""
    place = {**PLACE, "AWS::Region": "REGION", "AWS::AccountId": "ACCOUNT"}
    stack = deploy(place=place, SuitesBucket="the-bucket")
    if who == "trainer":
        expected = rights({"Statement": [json.loads(stack.outputs["TrainerStatement"])]})
    else:
        expected = role_rights(stack.roles[DOCUMENTED[who]])
    told = rights(json.loads(_json_under(f"The {who}").replace("BUCKET", "the-bucket")))
    assert told == expected


def test_the_deploy_page_names_every_parameter() -> None:
    """Its table of parameters is that of the template, with the same defaults."""
    rows = re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", _section("Deploy"), flags=re.MULTILINE)
    parameters = load()["Parameters"]
    assert dict(rows) == {name: str(item.get("Default", "needed")) or "none" for name, item in parameters.items()}


def test_the_deployers_statements_are_policies() -> None:
    """The linter knows every action that the deployer is given, and each fits the resource that it is given on."""
    policy = json.loads(_json_under("The deployer"))
    for name in ("REGION", "us-east-1"), ("ACCOUNT", "123456789012"):
        policy = json.loads(json.dumps(policy).replace(*name))
    properties = {"PolicyDocument": policy}
    template = {"Resources": {"Deployer": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}}
    assert [str(match) for match in lint(json.dumps(template))] == []
    assert lint(json.dumps(template).replace("iam:PassRole", "iam:PassTheRole"))


def _section(heading: str) -> str:
    """Return what stands under a heading of the deploy page, up to the next."""
    sections = re.split(r"^#+ ", DEPLOY_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return next(section for section in sections if section.startswith(f"{heading}\n"))


def _json_under(heading: str) -> str:
    """Return the first block of JSON under a heading."""
    found = re.search(r"^```json\n(.*?)^```", _section(heading), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]
