"""A control plane of extension configurations (ECDS): Envoy's own protocol, by gRPC and the published protobufs."""

import queue
import threading
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
from envoy.service.discovery.v3.discovery_pb2 import DiscoveryRequest, DiscoveryResponse
from google.protobuf import json_format

# Their descriptors have to be known, so that their JSON can be read.
from envoy.config.core.v3 import extension_pb2
from envoy.extensions.filters.http.wasm.v3 import wasm_pb2  # noqa: F401
from google.protobuf import struct_pb2, wrappers_pb2  # noqa: F401

SERVICE = "envoy.service.extension.v3.ExtensionConfigDiscoveryService"
TYPE = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"


class ControlPlane:
    """Sends every Envoy that has subscribed what was pushed last, and notes which version each has taken or refused."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.refused: list[tuple[str, str]] = []
        self._version = 0
        self._resource: Any = None
        self._subscribers: list[queue.Queue] = []
        handler = grpc.stream_stream_rpc_method_handler(
            self._stream,
            request_deserializer=DiscoveryRequest.FromString,
            response_serializer=DiscoveryResponse.SerializeToString,
        )
        options = [("grpc.max_send_message_length", 64 << 20)]
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=options)
        service = grpc.method_handlers_generic_handler(SERVICE, {"StreamExtensionConfigs": handler})
        self._server.add_generic_rpc_handlers((service,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def push(self, name: str, typed_config: dict[str, Any]) -> str:
        """Sends a filter's configuration to every subscriber, and returns its version."""
        self._version += 1
        resource = extension_pb2.TypedExtensionConfig()
        json_format.ParseDict({"name": name, "typed_config": typed_config}, resource)
        self._resource = DiscoveryResponse(version_info=str(self._version), type_url=TYPE, nonce=str(self._version))
        self._resource.resources.add().Pack(resource)
        for subscriber in list(self._subscribers):
            subscriber.put(self._resource)
        return str(self._version)

    def _stream(self, requests: Iterator[DiscoveryRequest], context: grpc.ServicerContext) -> Iterator[DiscoveryResponse]:
        pushes: queue.Queue = queue.Queue()
        context.add_callback(lambda: pushes.put(None))
        first = next(requests)
        node = first.node.id
        self._note(requests, node)
        if self._resource is not None:
            pushes.put(self._resource)
        self._subscribers.append(pushes)
        while (response := pushes.get()) is not None:
            yield response
        self._subscribers.remove(pushes)

    def _note(self, requests: Iterator[DiscoveryRequest], node: str) -> None:
        def read() -> None:
            try:
                for request in requests:
                    if request.HasField("error_detail"):
                        self.refused.append((node, request.error_detail.message))
                    else:
                        self.taken.append((node, request.version_info))
            except Exception:  # noqa: BLE001: the stream has ended
                pass

        threading.Thread(target=read, daemon=True).start()

    def close(self) -> None:
        self._server.stop(None).wait()
