"""Calls the server with gRPC's C core. Arguments: port, and the certificate's file where TLS is wanted. Prints a line per check."""
import sys
import threading
import time

import grpc

PORT = sys.argv[1]
CREDENTIALS = None
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as pem:
        CREDENTIALS = grpc.ssl_channel_credentials(pem.read())
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
TIMEOUT = 20


def connect(compression=None):
    target = "localhost:" + PORT
    if CREDENTIALS is None:
        return grpc.insecure_channel(target, OPTIONS, compression)
    return grpc.secure_channel(target, CREDENTIALS, OPTIONS, compression)


def identity(data):
    return data


def unary(channel, path):
    return channel.unary_unary(path, identity, identity)


def duplex(channel, path="/test.Echo/Echo"):
    return channel.stream_stream(path, identity, identity)


def failure(call):
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call ended with OK")


def field(number, data):
    assert number < 16 and len(data) < 128
    return bytes([number << 3 | 2, len(data)]) + data


def check_echo(channel):
    messages = [bytes([size % 251]) * size for size in (0, 1, 100, 5000, 70000, 1 << 20, 8 << 20)]
    assert list(duplex(channel)(iter(messages), timeout=TIMEOUT)) == messages


def check_many(channel):
    messages = [str(i).encode() for i in range(5000)]
    assert list(duplex(channel)(iter(messages), timeout=TIMEOUT)) == messages


def check_half_close(channel):
    assert list(duplex(channel)(iter(()), timeout=TIMEOUT)) == []


def check_parallel(channel):
    failures = []

    def run(i):
        message = bytes([i % 251]) * 2000
        try:
            assert list(duplex(channel)(iter([message] * 3), timeout=TIMEOUT)) == [message] * 3
        except Exception as error:  # pylint: disable=broad-except
            failures.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def check_gzip(_):
    with connect(grpc.Compression.Gzip) as channel:
        messages = [b"a" * 100000, b"", b"b" * 3]
        assert list(duplex(channel)(iter(messages), timeout=TIMEOUT)) == messages


def check_deflate(_):
    with connect(grpc.Compression.Deflate) as channel:
        assert failure(duplex(channel)(iter([b"a" * 100000]), timeout=TIMEOUT)).code() == grpc.StatusCode.UNIMPLEMENTED


def check_too_large(channel):
    assert failure(duplex(channel)(iter([bytes(20 << 20)]), timeout=TIMEOUT)).code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def check_unknown(channel):
    assert failure(duplex(channel, "/test.Echo/No")(iter(()), timeout=TIMEOUT)).code() == grpc.StatusCode.UNIMPLEMENTED


def check_message(channel):
    error = failure(duplex(channel, "/test.Fail/Fail")(iter(()), timeout=TIMEOUT))
    assert error.code() == grpc.StatusCode.NOT_FOUND
    assert error.details() == "a: 100% \u00e4 \u4f60\n end", error.details()


def check_deadline(channel):
    forever = threading.Event()

    def requests():
        forever.wait(TIMEOUT)
        yield from ()

    try:
        assert failure(duplex(channel)(requests(), timeout=0.2)).code() == grpc.StatusCode.DEADLINE_EXCEEDED
    finally:
        forever.set()


def check_cancel(channel):
    forever = threading.Event()

    def requests():
        yield b"x"
        forever.wait(TIMEOUT)

    for _ in range(20):
        call = duplex(channel)(requests())
        assert next(call) == b"x"
        call.cancel()
        assert call.code() == grpc.StatusCode.CANCELLED
    forever.set()


def check_health(channel):
    for service in (b"", b"envoy.service.ext_proc.v3.ExternalProcessor", b"anything"):
        request = field(1, service) if service else b""
        assert unary(channel, "/grpc.health.v1.Health/Check")(request, timeout=TIMEOUT) == b"\x08\x01"


def check_watch(channel):
    call = channel.unary_stream("/grpc.health.v1.Health/Watch", identity, identity)(b"")
    assert next(call) == b"\x08\x01"
    call.cancel()


def check_reflection(channel):
    for version in ("v1", "v1alpha"):
        path = "/grpc.reflection.%s.ServerReflection/ServerReflectionInfo" % version
        answers = duplex(channel, path)(iter([field(7, b"*"), field(4, b"grpc.health.v1.Health"), field(4, b"no.Such")]), timeout=TIMEOUT)
        services, files, missing = answers
        assert b"grpc.health.v1.Health" in services
        assert b"HealthCheckResponse" in files
        assert b"not found: no.Such" in missing


def main():
    failed = 0
    with connect() as channel:
        for name, check in sorted(globals().items()):
            if name.startswith("check_"):
                started = time.monotonic()
                try:
                    check(channel)
                    print("ok", name)
                except Exception as error:  # pylint: disable=broad-except
                    failed += 1
                    print("FAILED", name, repr(error), "after %.1f s" % (time.monotonic() - started))
    print("done", failed)


main()
