"""Holds exported configuration and SARIF logs against the schemas of their programs, as registries have them."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import jsonschema
import yaml

HERE = Path(__file__).resolve().parent

# What CloudFormation calls the fields of S3's own JSON.
CLOUDFORMATION = {"ExposeHeaders": "ExposedHeaders", "MaxAgeSeconds": "MaxAge"}


def exported(command: str, policy: Path, name: str) -> str | None:
    """The export, or none where nothing of the policy can be said."""
    done = subprocess.run([command, "export", policy, "--to", name], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode == 0 else None


def resources(command: str, policy: Path) -> dict[str, dict]:
    """The resources of CloudFormation with what is exported."""
    found: dict[str, dict] = {}
    if text := exported(command, policy, "s3"):
        rules = [{CLOUDFORMATION.get(key, key): value for key, value in rule.items()} for rule in json.loads(text)["CORSRules"]]
        found["Bucket"] = {"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": rules}}}
    if text := exported(command, policy, "lambda-url"):
        properties = {"AuthType": "NONE", "TargetFunctionArn": "shop", **json.loads(text)}
        found["Url"] = {"Type": "AWS::Lambda::Url", "Properties": properties}
    if text := exported(command, policy, "api-gateway"):
        properties = {"Name": "shop", "ProtocolType": "HTTP", "CorsConfiguration": json.loads(text)}
        found["Api"] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}
    if text := exported(command, policy, "cloudfront"):
        config = {"Name": "shop", **json.loads(text)}
        found["Headers"] = {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}
    return found


def lint(template: dict[str, dict], folder: Path) -> list[str]:
    """The errors of cfn-lint."""
    path = folder / "template.json"
    path.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": template}))
    words = ["cfn-lint", "--format", "json", "--regions", "us-east-1", "--", path]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout or "[]")
    assert done.returncode == 0 or found, done.stderr
    return [f"{it['Rule']['Id']} {it['Location']['Path']}: {it['Message']}" for it in found if it["Level"] == "Error"]


def kubernetes(objects: list[dict], out: Path) -> list[str]:
    """A line for each object: `ok`, or what its schema refuses."""
    script = out / "kubernetes.mjs"
    shutil.copy(HERE / "kubernetes.mjs", script)
    done = subprocess.run(["node", script], input=json.dumps(objects), capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(objects), done.stdout
    return lines


def compare(command: str, out: Path, policies: dict[str, str]) -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="schemas-", dir=out))
    differences = []
    objects = []
    for name, text in policies.items():
        policy = folder / f"{name}.toml"
        policy.write_text(text)
        template = resources(command, policy)
        assert template, f"nothing of {name} is exported"
        differences += [f"{name}: {error}" for error in lint(template, folder)]
        if text := exported(command, policy, "gateway-api"):
            objects.append({"kind": "HTTPRoute", "spec": {"rules": [yaml.safe_load(text)]}})
        if text := exported(command, policy, "istio"):
            objects.append({"kind": "VirtualService", "spec": {"hosts": ["shop"], "http": [yaml.safe_load(text)]}})
    assert {it["kind"] for it in objects} == {"HTTPRoute", "VirtualService"}
    told = kubernetes(objects, out)
    differences += [f"{it['kind']}: {line}" for it, line in zip(objects, told) if line != "ok"]
    # Mistakes are seen.
    wrong = {"Url": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE", "TargetFunctionArn": "shop", "Cors": {"AllowMethods": ["OPTIONS"]}}}}
    assert lint(wrong, folder), "cfn-lint takes OPTIONS"
    ipv6 = {"filters": [{"type": "CORS", "cors": {"allowOrigins": ["https://[::1]"]}}]}
    text_for_matcher = {"hosts": ["shop"], "http": [{"corsPolicy": {"allowOrigins": ["https://a.example.com"]}}]}
    told = kubernetes([{"kind": "HTTPRoute", "spec": {"rules": [ipv6]}}, {"kind": "VirtualService", "spec": text_for_matcher}], out)
    assert "ok" not in told, told
    differences += sarif(command, out, folder)
    shutil.rmtree(folder, ignore_errors=True)
    return differences


def sarif(command: str, out: Path, folder: Path) -> list[str]:
    """What the schema of SARIF refuses in a log of `cors check`, with findings and without."""
    schema = json.loads((out / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    bucket = folder / "cors rules.json"
    bucket.write_text('[{"AllowedOrigins": ["https://app.example.com/", "é*"], "AllowedMethods": ["PATCH"]}]')
    sound = folder / "sound.toml"
    sound.write_text('allow_origins = ["https://app.example.com"]\n')
    faults = []
    for files, has_results in (([bucket, sound], True), ([sound], False)):
        done = subprocess.run([command, "check", "--format", "sarif", *files], capture_output=True, text=True, check=False)
        log = json.loads(done.stdout)
        faults += [f"SARIF: {error.json_path}: {error.message}" for error in validator.iter_errors(log)]
        assert bool(log["runs"][0]["results"]) == has_results, log
    assert list(validator.iter_errors({"version": "2.1.0"})), "the schema takes a log without runs"
    return faults
