"""A4: policies are swapped without a failed request, and each request sees one of them; bad ones change nothing."""

import threading
import unittest

from fixture import ALLOWED, ORIGIN
from server import Nginx

LOADS = 4


def site(policy: str) -> str:
    return f"server {{ listen 127.0.0.1:PORT; cors on; {policy} location / {{ return 200; }} }}"


def words(name: str) -> str:
    return site(f"cors_allow_origins {ORIGIN}; cors_expose_headers x-{name}; cors_allow_methods {name};")


class Load:
    """Asks as long as it is entered, and notes what it is answered."""

    def __init__(self, nginx: Nginx) -> None:
        self.wrong: list[object] = []
        self.seen: set[str] = set()
        self.counts = [0] * LOADS
        self._nginx = nginx
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(index,)) for index in range(LOADS)]

    def _ask(self, index: int) -> None:
        while not self._stop.is_set():
            try:
                answer = self._nginx.ask("/", Origin=ORIGIN)
                names = answer.all("access-control-expose-headers")
                self._note(answer, 200, names, "access-control-expose-headers: {}")
                answer = self._nginx.ask("/", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="A")
                names = [f"x-{name.lower()}" for name in answer.all("access-control-allow-methods")]
                self._note(answer, 204, names, f"access-control-allow-methods: {names[0][2:].upper()}" if names else "")
                self.counts[index] += 2
            except Exception as error:  # noqa: BLE001: whatever it is, the request failed
                self.wrong.append(error)

    def _note(self, answer, status: int, names: list[str], line: str) -> None:
        lines = answer.cors()
        if len(names) != 1 or answer.status != status or lines != [ALLOWED[0], line.format(*names), ALLOWED[1]]:
            self.wrong.append(answer.fields)
        self.seen.update(names)

    def wait(self, count: int) -> None:
        """Until as many more are answered."""
        before = sum(self.counts)
        while sum(self.counts) < before + count and not self.wrong:
            self._stop.wait(0.01)

    def wait_until_seen(self, name: str) -> None:
        while name not in self.seen and not self.wrong:
            self._stop.wait(0.01)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Reload(unittest.TestCase):
    def test_under_load(self) -> None:
        nginx = Nginx(words("A"))
        self.addCleanup(nginx.close)
        reloads = "BCDEFGHIJK"
        with Load(nginx) as load:
            for name in reloads:
                if name < "G":
                    nginx.configure(words(name))
                else:
                    policy = f'allow_origins = ["{ORIGIN}"]\nexpose_headers = ["x-{name}"]\nallow_methods = ["{name}"]'
                    image = nginx.folder.image(f"{name}.cors", policy)
                    nginx.configure(site(f"cors_policy_file {image};"))
                asked = nginx.reload()
                self.assertEqual(asked.returncode, 0, asked.stderr)
                load.wait_until_seen(f"x-{name.lower()}")
                load.wait(100)
        self.assertEqual(load.wrong, [])
        self.assertEqual(sorted(load.seen), [f"x-{name}" for name in ("A" + reloads).lower()])
        print(f"\n{len(reloads)} reloads under load: {sum(load.counts)} requests, 0 failed, 0 answered wrongly", flush=True)

    def test_a_bad_policy_leaves_the_old_one(self) -> None:
        nginx = Nginx(words("A"))
        self.addCleanup(nginx.close)
        with Load(nginx) as load:
            load.wait(20)
            nginx.configure(site("cors_allow_origins https://A.example;"))
            asked = nginx.reload()
            self.assertEqual(asked.returncode, 1)
            self.assertIn(b"write https://a.example", asked.stderr)
            # A master that is told all the same refuses it, too.
            nginx.hang_up()
            nginx.wait_for_log("write https://a.example")
            nginx.configure(site(f"cors_policy_file {nginx.folder.write('damaged.cors', b'cors')};"))
            nginx.hang_up()
            nginx.wait_for_log("an image cut short")
            load.wait(100)
        self.assertEqual((load.wrong, load.seen), ([], {"x-a"}))
