#!/usr/bin/python3 -IS
"""A stand-in for muvm, which no package registry has. To its caller it behaves as muvm's sources
do (AsahiLinux/muvm at 25ece4c, below crates/muvm/src/; each part names its file and function): the
same order of reads and writes, the same sizes, errors and races. It shares no line with them.

The differences: the guest is a mount namespace on the same kernel, libkrun's vsock ports are the
Unix sockets that libkrun makes on the host, and it has only the options that are used.

`muvm ARGUMENTS…` is the host's side; with MUVM_STAND_IN_GUEST in the environment, muvm-guest.
"""
import fcntl
import json
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

# Python sets this variable itself if the locale is C.
if b"LC_CTYPE=" not in open("/proc/self/environ", "rb").read():
    os.environ.pop("LC_CTYPE", None)

# utils/tty.rs: two bytes, little-endian: the length and two bits for the kind.
SHIFT, MASK = 2, 3
STDOUT, STDERR, EXIT = 0, 1, 2
STDIN, SIZE = 0, 1
PORTS = range(50000, 50200)  # launch.rs, DYNAMIC_PORT_RANGE
GUEST = "MUVM_STAND_IN_GUEST"

# env.rs, WELL_KNOWN_ENV_VARS
WELL_KNOWN = """LANG LC_ADDRESS LC_ALL LC_COLLATE LC_CTYPE LC_IDENTIFICATION LC_MEASUREMENT
LC_MESSAGES LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER LC_TELEPHONE LC_TIME LD_LIBRARY_PATH
LIBGL_DRIVERS_PATH MESA_LOADER_DRIVER_OVERRIDE PATH RUST_LOG XMODIFIERS""".split()


class Failure(Exception):
    """An error that main() returns: printed on stderr, with status 1."""


class Unreachable(Failure):
    """launch.rs, LaunchError::Connection: tried again."""


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


def send_all(stream, data):
    try:
        stream.sendall(data)
    except OSError as error:
        raise Failure(error.strerror) from error


def read_exact(stream, size):
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise Failure("failed to fill whole buffer")
        data += more
    return data


def variable(name):
    """std::env::var: None if it is unset, an error if it is not UTF-8."""
    value = os.environb.get(name.encode("utf-8", "surrogateescape"))
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError as error:
        raise Failure(f"Failed to get `{name}` env var: not valid unicode") from error


def runtime_directory():
    value = variable("XDG_RUNTIME_DIR")
    if value is None:
        raise Failure("Failed to read XDG_RUNTIME_DIR environment variable")
    return value


def note(runtime, role, args):
    """Logs a call for the tests."""
    # The guest is in another PID namespace; /proc has the outer number.
    who = {"pid": int(os.readlink("/proc/self")), "role": role, "args": args}
    line = json.dumps(who, separators=(",", ":")) + "\n"
    log = os.open(f"{runtime}/muvm.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    write_all(log, line.encode())
    os.close(log)


# The host's side.


def parse_options(args):
    """cli_options.rs: bpaf takes arguments as strings, only in UTF-8."""
    for arg in args:
        try:
            arg.encode()
        except UnicodeEncodeError as error:
            raise Failure(f"`{arg!r}` is not valid utf8") from error
    interactive = tty = False
    env = []
    rest = list(args)
    while rest and rest[0] != "--":
        arg = rest.pop(0)
        if arg == "-i":
            interactive = True
        elif arg == "-t":
            tty = True
        elif arg == "-e":
            name, equals, value = rest.pop(0).partition("=")
            if name == "":
                raise Failure("invalid ENV format")
            env.append((name, value if equals else None))
        elif arg in ("-h", "--help"):
            print("Usage: muvm [-e=ENV]... [-i] [-t] COMMAND [COMMAND_ARGS]...")
            sys.exit(0)
        else:
            raise Failure(f"`{arg}` is not expected in this context")
    command = rest[1:]
    if not command:
        raise Failure("expected `COMMAND`, pass `--help` for usage information")
    for arg in command[1:]:
        # COMMAND_ARGS refuse these two, even behind `--` (tried with bpaf 0.9).
        if arg in ("-h", "--help"):
            raise Failure(f"`{arg}` is not expected in this context")
    return interactive, tty, env, command


def parse_config_file():
    """config.rs: HOME must be a string, even without a file in it."""
    if variable("XDG_CONFIG_DIR") is None and variable("HOME") is None:
        raise Failure("Failed to get HOME")


def prepare_env_vars(env):
    """env.rs"""
    found = {}
    for name in WELL_KNOWN:
        value = variable(name)
        if value is not None:
            found[name] = value
    if not found.keys() & {"LANG", "LC_CTYPE", "LC_ALL"}:
        found["LANG"] = "C.UTF-8"
    found["GTK_IM_MODULE"] = found["QT_IM_MODULE"] = "xim"
    for name, value in env:
        value = variable(name) if value is None else value
        if value is None:
            raise Failure(f"Failed to get `{name}` env var: environment variable not found")
        found[name] = value
    return found


def take_lock(path, what):
    """launch.rs, lock_file() and acquire_socket_lock(). A new file is locked only after it was
    created, so another process may lock it first. None if an old file is locked."""
    if not os.path.exists(path):
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Failure(f"Failed to {what}: {error.strerror}") from error
        return file
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def acquire_socket_lock(runtime):
    for port in PORTS:
        lock = take_lock(f"{runtime}/krun/socket/port-{port}.lock", "acquire socket lock")
        if lock is not None:
            return lock, port
    raise Failure("Ran out of ports.")


def raw_terminal():
    """tty.rs, RawTerminal::set()"""
    try:
        old = termios.tcgetattr(1)
    except termios.error as error:
        raise Failure(
            "Asked to allocate a tty for the command, but stdin is not a tty"
        ) from error
    new = termios.tcgetattr(1)
    new[0] &= ~(
        termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP | termios.INLCR
        | termios.IGNCR | termios.ICRNL | termios.IXON
    )
    new[1] &= ~termios.OPOST
    new[2] = new[2] & ~(termios.CSIZE | termios.PARENB) | termios.CS8
    new[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    new[6][termios.VMIN], new[6][termios.VTIME] = 1, 0
    termios.tcsetattr(1, termios.TCSADRAIN, new)
    return old


def wrapped_launch(command, env, interactive, tty):
    """launch.rs"""
    if not interactive:
        request_launch(command, env, 0, False)
        return 0
    runtime = runtime_directory()
    lock, port = acquire_socket_lock(runtime)
    path = f"{runtime}/krun/socket/port-{port}"
    try:
        os.unlink(path)
    except OSError:
        pass
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(128)
    old = raw_terminal() if tty else None
    try:
        request_launch(command, env, port, tty)
        return run_io_host(listener, tty)
    finally:
        os.close(lock)
        if old is not None:
            termios.tcsetattr(1, termios.TCSADRAIN, old)


def request_launch(command, env, port, tty):
    stream = socket.socket(socket.AF_UNIX)
    launch = {"command": command[0], "command_args": command[1:], "env": env, "vsock_port": port}
    try:
        stream.connect(f"{runtime_directory()}/krun/server")
        # JSON, then a line that ends it.
        text = json.dumps({**launch, "tty": tty}, ensure_ascii=False)
        stream.sendall(text.encode() + b"\nEOM\n")
        answer = b""
        while not answer.endswith(b"\n"):
            more = stream.recv(4096)
            if not more:
                break
            answer += more
    except OSError as error:
        raise Unreachable(f"could not connect to muvm server: {error.strerror}") from error
    if answer != b"OK":
        raise Failure(f"muvm server returned an error: {answer.decode()}")


def run_io_host(listener, is_tty):
    """tty.rs"""
    remote, _ = listener.accept()
    epoll = select.epoll()
    resized = None
    try:
        epoll.register(remote, select.EPOLLIN)
        epoll.register(0, select.EPOLLIN)
    except OSError as error:
        # epoll refuses files, directories and /dev/null.
        raise Failure(f"EPERM: {error.strerror}") from error
    if is_tty:
        # In place of signalfd(), which Python lacks.
        resized, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGWINCH, lambda *_: None)
        epoll.register(resized, select.EPOLLIN)
        update_size(remote)
    while True:
        for descriptor, _ in epoll.poll(maxevents=1):
            if descriptor == remote.fileno():
                status = process_remote_msg(remote, is_tty)
                if status is not None:
                    return status
            elif descriptor == 0:
                process_stdin(remote, epoll)
            else:
                os.read(resized, 4096)
                update_size(remote)


def process_remote_msg(remote, is_tty):
    (frame,) = struct.unpack("<H", read_exact(remote, 2))
    if frame & MASK == EXIT:
        return frame >> SHIFT & 0xFF
    data = read_exact(remote, frame >> SHIFT)
    write_all(1 if is_tty or frame & MASK == STDOUT else 2, data)
    return None


def process_stdin(remote, epoll):
    data = os.read(0, 4096)
    send_all(remote, struct.pack("<H", len(data) << SHIFT | STDIN))
    if data:
        send_all(remote, data)
    else:
        epoll.unregister(0)


def update_size(remote):
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(1, termios.TIOCGWINSZ, bytes(8)))
    send_all(remote, struct.pack("<HHH", SIZE, columns, rows))


def launch(args):
    """bin/muvm.rs, main(), and launch.rs, launch_or_lock()"""
    if os.getuid() == 0 or os.geteuid() == 0:
        print("Running as root is not supported as it may break your system", flush=True)
        raise Failure("real user ID or effective user ID is 0")
    interactive, tty, env, command = parse_options(args)
    parse_config_file()
    runtime = runtime_directory()
    lock = take_lock(f"{runtime}/muvm.lock", "acquire exclusive lock on new lock file")
    if lock is not None:
        note(runtime, "machine", args)
        return be_machine(runtime, command, prepare_env_vars(env))
    note(runtime, "client", args)
    found = prepare_env_vars(env)
    for tries in range(4):
        try:
            return wrapped_launch(command, found, interactive, tty)
        except Unreachable as error:
            if tries == 3:
                raise Failure(f"could not request launch to server: {error}") from error
        except (Failure, OSError) as error:
            raise Failure(f"could not request launch to server: {error}") from error
    return 1


# The guest's own /run with the host's tree below it, then muvm-guest. The shell is the guest's first
# process: like libkrun's init it reaps orphans, and all processes end with it.
BOOT = """
set -eu
mount -n -t tmpfs guest /mnt
mkdir /mnt/muvm-host
mount -n --rbind / /mnt/muvm-host
mount -n --move /mnt /run
exec 9<&0
unshare -U --map-user="$1" --map-group="$2" -- "$3" <&9 9<&- &
exec 9<&-
wait $!
"""


def be_machine(runtime, command, env):
    """bin/muvm.rs: this process becomes the virtual machine. libkrun's socket accepts connections
    from the beginning, and drops them until the guest listens."""
    os.makedirs(f"{runtime}/krun/socket", exist_ok=True)
    server = f"{runtime}/krun/server"
    try:
        os.unlink(server)
    except OSError:
        pass
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(server)
    listener.listen(128)
    ready, told = os.pipe()
    os.set_inheritable(told, True)
    listener.set_inheritable(True)
    first = {"runtime": runtime, "command": command, "listener": listener.fileno(), "ready": told}
    guest = subprocess.Popen(
        ["unshare", "-Urmpf", "sh", "-c", BOOT, "sh", str(os.getuid()), str(os.getgid()),
         os.path.abspath(__file__)],
        # The guest ends when this pipe closes.
        stdin=subprocess.PIPE,
        pass_fds=[listener.fileno(), told],
        env={**env, GUEST: json.dumps(first)},
        cwd="/",
    )
    os.close(told)
    while True:
        seen, _, _ = select.select([listener, ready], [], [])
        if ready in seen:
            break
        listener.accept()[0].close()
    listener.close()
    return guest.wait()


# The guest's side.


class Guest:
    """guest/server.rs and guest/server_worker.rs"""

    def __init__(self, first):
        # The shell ignored them in its background process.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
        self.runtime = first["runtime"]
        if self.runtime.startswith("/run/"):
            self.runtime = f"/run/muvm-host{self.runtime}"
        note(self.runtime, "guest", [])
        self.own = f"/run/user/{os.getuid()}"
        os.makedirs(self.own, exist_ok=True)
        os.environ.update(DISPLAY=":1", XDG_RUNTIME_DIR=self.own, MUVM_GUEST="yes")
        self.idle = threading.Condition()
        self.children = 0
        self.listener = socket.socket(fileno=first["listener"])
        os.write(first["ready"], b"!")

    def run(self, command):
        """server_main()"""
        threading.Thread(target=self.end_with_host, daemon=True).start()
        threading.Thread(target=self.serve, daemon=True).start()
        # Its streams are the console, without input.
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
        except OSError as error:
            print(f"Failed to execute {command} as child process: {error}", file=sys.stderr)
            status = 1
        with self.idle:
            if self.children > 0:
                print(f"Waiting for {self.children} other commands…", flush=True)
            self.idle.wait_for(lambda: self.children == 0)
        # As long as the runtime and the machine take to end, so that exits are still sent.
        time.sleep(0.1)
        return 1 if status < 0 else status

    def end_with_host(self):
        while os.read(0, 4096):
            pass
        os._exit(137)

    def serve(self):
        """Worker::run(): one request after the other."""
        while True:
            stream, _ = self.listener.accept()
            with self.idle:
                self.children += 1
            child = None
            try:
                child = self.handle_connection(stream)
            except (Failure, OSError, ValueError, KeyError) as error:
                print(f"Failed to process client request: {error}", file=sys.stderr, flush=True)
            stream.close()
            if child is None:
                self.forget()

    def forget(self):
        with self.idle:
            self.children -= 1
            self.idle.notify_all()

    def read_request(self, stream):
        """The first line that contains these letters anywhere ends the request."""
        text = b""
        lines = stream.makefile("rb")
        while b"EOM" not in text:
            line = lines.readline()
            if not line:
                raise Failure("unexpected EOF")
            text += line
        return json.loads(text[:-5])

    def handle_connection(self, stream):
        launch = self.read_request(stream)
        env = {**os.environ, **launch["env"]}
        port, is_tty = launch["vsock_port"], launch["tty"]
        master = None
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        if port == 0:
            output = os.open(f"{self.own}/output", os.O_WRONLY | os.O_CREAT, 0o600)
            streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        elif is_tty:
            master, slave = pty.openpty()
            streams = {"stdin": slave, "stdout": slave, "stderr": slave}

        def prepare():
            # setsid() and TIOCSCTTY
            if is_tty:
                os.setsid()
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        try:
            child = subprocess.Popen(
                [launch["command"], *launch["command_args"]], bufsize=0, env=env,
                preexec_fn=prepare, **streams,
            )
        except OSError as error:
            stream.sendall(f"Failed to execute {launch['command']}: {error}".encode())
            return None
        stream.sendall(b"OK")
        stop_read, stop_write = os.pipe()
        if is_tty:
            os.close(slave)
            ends = [master, os.dup(master), None]
        elif port != 0:
            # Duplicates, which are closed one by one.
            pipes = (child.stdin, child.stdout, child.stderr)
            ends = [os.dup(each.fileno()) for each in pipes]
            for each in pipes:
                each.close()
        if port != 0:
            args = (ends, stop_read, port)
            threading.Thread(target=self.converse, args=args, daemon=True).start()
        args = (child, stop_write)
        threading.Thread(target=self.await_end, args=args, daemon=True).start()
        return child

    def await_end(self, child, stop):
        """handle_child_join(): a child killed by a signal has no code, so it counts as success."""
        code = child.wait()
        try:
            os.write(stop, bytes([code if code >= 0 else 0]))
        except OSError:
            pass
        os.close(stop)
        self.forget()

    def converse(self, ends, stop, port):
        vsock = socket.socket(socket.AF_UNIX)
        try:
            vsock.connect(f"{self.runtime}/krun/socket/port-{port}")
            self.run_io_guest(ends, stop, vsock)
        except (Failure, OSError):
            pass
        # The thread's end drops all.
        vsock.close()
        for descriptor in (*ends, stop):
            if descriptor is not None:
                os.close(descriptor)

    def run_io_guest(self, ends, stop, vsock):
        _, stdout, stderr = ends
        epoll = select.epoll()
        for descriptor in (stdout, stderr, vsock.fileno(), stop):
            if descriptor is not None:
                epoll.register(descriptor, select.EPOLLIN)
        while True:
            for descriptor, events in epoll.poll(maxevents=1):
                if events & select.EPOLLIN:
                    if descriptor in (stdout, stderr):
                        # One read; there may be more.
                        data = os.read(descriptor, 4096)
                        kind = STDOUT if descriptor == stdout else STDERR
                        send_all(vsock, struct.pack("<H", len(data) << SHIFT | kind))
                        send_all(vsock, data)
                    elif descriptor == stop:
                        code = os.read(stop, 1)[0]
                        send_all(vsock, struct.pack("<H", code << SHIFT | EXIT))
                        return
                    else:
                        self.obey(vsock, ends)
                if events & (select.EPOLLERR | select.EPOLLHUP):
                    if descriptor not in (stdout, stderr):
                        return
                    epoll.unregister(descriptor)

    def obey(self, vsock, ends):
        """Handles a message from the host."""
        (frame,) = struct.unpack("<H", read_exact(vsock, 2))
        if frame & MASK == SIZE:
            columns, rows = struct.unpack("<HH", read_exact(vsock, 4))
            if ends[0] is not None:
                fcntl.ioctl(ends[0], termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            return
        size = frame >> SHIFT
        if size == 0:
            os.close(ends[0])
            ends[0] = None
        else:
            # Blocks until the child reads it.
            write_all(ends[0], read_exact(vsock, size))


def main():
    guest = os.environ.pop(GUEST, None)
    if guest is not None:
        first = json.loads(guest)
        status = Guest(first).run(first["command"])
        sys.stdout.flush()
        os._exit(status)
    try:
        status = launch(sys.argv[1:])
    except (Failure, OSError) as error:
        write_all(2, f"Error: {error}\n".encode("utf-8", "replace"))
        status = 1
    sys.stdout.flush()
    os._exit(status)


main()
