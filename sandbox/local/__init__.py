"""Programs as processes of this machine: the judge's side (what runs on the other side is `sandbox.inside`)."""

from sandbox.local.sandbox import LocalSandbox
from sandbox.local.scripts import PartEnd, Script, ScriptBroken, ScriptOutcome

__all__ = ["LocalSandbox", "PartEnd", "Script", "ScriptBroken", "ScriptOutcome"]
