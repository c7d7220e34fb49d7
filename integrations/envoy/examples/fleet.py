"""Two Envoys and a control plane on this machine: one push, and both serve the new policy."""

from control_plane import ControlPlane
from exchange import Answer
from processes import wait_for
from server import Envoy, cluster, discovered_by_grpc, wasm


def main() -> None:
    plane = ControlPlane()
    plane.push("cors", wasm({"allow_origins": ["https://old.example.com"]}))
    fleet = [
        Envoy(
            [discovered_by_grpc("control-plane")],
            clusters=[cluster("control-plane", plane.port, http2=True)],
            node={"id": name, "cluster": "fleet"},
        )
        for name in ("one", "two")
    ]
    try:
        show("the first policy", fleet)
        version = plane.push("cors", wasm({"allow_origins": ["https://new.example.com"]}))
        wait_for(lambda: {("one", version), ("two", version)} <= set(plane.taken), lambda: "not taken in time")
        show("after one push", fleet)
        counts = [envoy.denials().get("OriginNotAllowed", 0) for envoy in fleet]
        print(f"denied by reason OriginNotAllowed: {' + '.join(map(str, counts))} = {sum(counts)}")
    finally:
        for envoy in fleet:
            envoy.close()
        plane.close()


def show(when: str, fleet: list[Envoy]) -> None:
    print(f"{when}:")
    for number, envoy in enumerate(fleet, 1):
        for origin in ("https://old.example.com", "https://new.example.com"):
            print(f"  Envoy {number}, {origin}: {verdict(envoy.ask(Origin=origin))}")


def verdict(answer: Answer) -> str:
    return "allowed" if answer.all("access-control-allow-origin") else "denied"


if __name__ == "__main__":
    main()
