"""Modules of proxy-wasm, byte by byte: one that traps when a request comes, and one that does nothing."""


def section(number: int, content: bytes) -> bytes:
    length = len(content)
    assert length < 1 << 14
    return bytes([number]) + (bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])) + content


def exported(name: str, kind: int, index: int) -> bytes:
    return bytes([len(name)]) + name.encode() + bytes([kind, index])


def module(on_headers: bytes) -> bytes:
    """A module whose function for the heads of requests and responses has this body."""
    return (
        b"\0asm\1\0\0\0"
        # () -> (), (i32) -> i32, (i32, i32) -> (), (i32, i32, i32) -> i32, (i32, i32) -> i32, (i32) -> ()
        + section(
            1,
            b"\6\x60\0\0\x60\1\x7f\1\x7f\x60\2\x7f\x7f\0\x60\3\x7f\x7f\x7f\1\x7f\x60\2\x7f\x7f\1\x7f\x60\1\x7f\0",
        )
        + section(3, b"\6\0\1\2\3\4\5")
        + section(5, b"\1\0\2")
        + section(
            7,
            b"\x08"
            + exported("memory", 2, 0)
            + exported("proxy_abi_version_0_2_1", 0, 0)
            + exported("proxy_on_memory_allocate", 0, 1)
            + exported("proxy_on_context_create", 0, 2)
            + exported("proxy_on_request_headers", 0, 3)
            + exported("proxy_on_response_headers", 0, 3)
            + exported("proxy_on_configure", 0, 4)
            + exported("proxy_on_delete", 0, 5),
        )
        + section(
            10,
            b"\6" + b"\2\0\x0b" + b"\4\0\x41\x08\x0b" + b"\2\0\x0b"
            + bytes([len(on_headers) + 2]) + b"\0" + on_headers + b"\x0b"
            + b"\4\0\x41\1\x0b" + b"\2\0\x0b",
        )  # fmt: skip
    )


# `unreachable`
TRAPS = module(b"\0")
# `i32.const 0`, which is to continue.
EMPTY = module(b"\x41\0")
