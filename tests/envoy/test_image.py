"""The module as an OCI image: packed, read by other software, unpacked as Istio does, and loaded into Envoy."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from processes import PATIENCE
from server import MODULE, Envoy, wasm

PACK = Path(__file__).parents[2] / "integrations/envoy/pack"
ORIGIN = "https://app.example.com"


def pack(folder: str, module: Path = MODULE) -> str:
    ran = subprocess.run([PACK, module, folder, "0.1.0"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    return ran.stdout.strip()


def blob(folder: str, descriptor: dict[str, Any]) -> bytes:
    content = Path(folder, "blobs", descriptor["digest"].replace(":", "/")).read_bytes()
    assert (len(content), "sha256:" + hashlib.sha256(content).hexdigest()) == (descriptor["size"], descriptor["digest"])
    return content


class Image(unittest.TestCase):
    def setUp(self) -> None:
        made = TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = made.name
        self.digest = pack(self.folder)

    def test_envoy_loads_what_is_unpacked(self) -> None:
        index = json.loads(Path(self.folder, "index.json").read_text())
        [described] = index["manifests"]
        self.assertEqual(described["digest"], self.digest)
        self.assertEqual(described["annotations"], {"org.opencontainers.image.ref.name": "0.1.0"})
        manifest = json.loads(blob(self.folder, described))
        [layer] = manifest["layers"]
        archive = gzip.decompress(blob(self.folder, layer))
        config = json.loads(blob(self.folder, manifest["config"]))
        self.assertEqual(config["rootfs"]["diff_ids"], ["sha256:" + hashlib.sha256(archive).hexdigest()])
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            self.assertEqual(files.getnames(), ["plugin.wasm"])
            unpacked = files.extractfile("plugin.wasm")
            assert unpacked
            written = Path(self.folder, "plugin.wasm")
            written.write_bytes(unpacked.read())
        self.assertEqual(written.read_bytes(), MODULE.read_bytes())
        filter_config = wasm({"allow_origins": [ORIGIN]})
        filter_config["config"]["vm_config"]["code"]["local"]["filename"] = str(written)
        envoy = Envoy([{"name": "cors", "typed_config": filter_config}])
        self.addCleanup(envoy.close)
        self.assertEqual(envoy.ask(Origin=ORIGIN).all("access-control-allow-origin"), [ORIGIN])

    def test_other_software_reads_it(self) -> None:
        """And copies it, as it would to a registry."""
        inspected = subprocess.run(
            ["skopeo", "inspect", f"oci:{self.folder}:0.1.0"], capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        self.assertEqual(json.loads(inspected.stdout)["Digest"], self.digest)
        with TemporaryDirectory() as copied:
            command = ["skopeo", "--insecure-policy", "copy", f"oci:{self.folder}:0.1.0", f"dir:{copied}"]
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
            self.assertEqual("sha256:" + hashlib.sha256(Path(copied, "manifest.json").read_bytes()).hexdigest(), self.digest)

    def test_the_same_module_gives_the_same_bytes(self) -> None:
        with TemporaryDirectory() as other:
            self.assertEqual(pack(other), self.digest)
            for file in (one for one in Path(other).rglob("*") if one.is_file()):
                self.assertEqual(file.read_bytes(), Path(self.folder, file.relative_to(other)).read_bytes(), file)

    def test_what_is_refused(self) -> None:
        for arguments, reason in [
            ([__file__, self.folder], "not a module of WebAssembly"),
            (["no-such.wasm", self.folder], "no-such.wasm: No such file or directory"),
            ([MODULE, self.folder, "registry.example.com/cors:1"], "not a tag"),
            ([MODULE], "MODULE FOLDER [TAG]"),
        ]:
            with self.subTest(arguments=arguments):
                ran = subprocess.run([PACK, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
                self.assertEqual(ran.returncode, 1)
                self.assertIn(reason, ran.stderr)
                self.assertNotIn("Traceback", ran.stderr)
