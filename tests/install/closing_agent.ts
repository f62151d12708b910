/**
 * A desktop's polkit agent whose user closes the password window. It registers for a process and
 * answers polkitd's question with “cancelled”, in D-Bus:
 * https://dbus.freedesktop.org/doc/dbus-specification.html
 */

const METHOD_CALL = 1, METHOD_RETURN = 2, ERROR = 3;

/** Header fields: their codes and types. */
const PATH = 1, INTERFACE = 2, MEMBER = 3, ERROR_NAME = 4, REPLY_SERIAL = 5, DESTINATION = 6;
const SENDER = 7, SIGNATURE = 8;
const TYPES = ["", "o", "s", "s", "s", "u", "s", "s", "g", "u"];

const AUTHORITY = "org.freedesktop.PolicyKit1";
const CANCELLED = "org.freedesktop.PolicyKit1.Error.Cancelled";
const AGENT = "/org/example/Agent";

type Fields = ReadonlyMap<number, string | number>;

/** Writes little-endian values, each aligned to its size. */
class Writer {
  readonly bytes: number[] = [];

  align(size: number): this {
    while (this.bytes.length % size !== 0) this.bytes.push(0);
    return this;
  }

  byte(value: number): this {
    this.bytes.push(value);
    return this;
  }

  number(value: number, size: 4 | 8 = 4): this {
    this.align(size);
    for (let i = 0; i < size; i++) this.bytes.push(Math.floor(value / 256 ** i) % 256);
    return this;
  }

  text(value: string): this {
    this.number(value.length);
    return this.end(value);
  }

  signature(value: string): this {
    return this.byte(value.length).end(value);
  }

  /** Writes an array after its size in bytes, which excludes the padding to its first element. */
  array(elements: (writer: this) => void): this {
    this.number(0);
    const at = this.bytes.length;
    this.align(8);
    const start = this.bytes.length;
    elements(this);
    new Uint8Array(4).forEach((_, i) => {
      this.bytes[at - 4 + i] = Math.floor((this.bytes.length - start) / 256 ** i) % 256;
    });
    return this;
  }

  private end(value: string): this {
    this.bytes.push(...new TextEncoder().encode(value), 0);
    return this;
  }
}

function message(type: number, serial: number, fields: Fields, body: Writer): Uint8Array {
  const writer = new Writer().byte("l".charCodeAt(0)).byte(type).byte(0).byte(1);
  writer.number(body.bytes.length).number(serial).array(() => {
    for (const [code, value] of fields) {
      writer.align(8).byte(code).signature(TYPES[code]!);
      if (typeof value === "number") writer.number(value);
      else if (TYPES[code] === "g") writer.signature(value);
      else writer.text(value);
    }
  }).align(8);
  return new Uint8Array([...writer.bytes, ...body.bytes]);
}

interface Message {
  readonly type: number;
  readonly serial: number;
  readonly fields: Fields;
  /** Bytes. */
  readonly size: number;
}

/** The first message of these bytes; undefined if it is incomplete. */
function parse(bytes: Uint8Array): Message | undefined {
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const u32 = (at: number) => view.getUint32(at, true);
  const end = 16 + u32(12), size = end + (-end & 7) + u32(4);
  if (bytes.length < size) return undefined;
  const fields = new Map<number, string | number>();
  for (let at = 16; at < end;) {
    at += -at & 7;
    const code = bytes[at]!, type = String.fromCharCode(bytes[at + 2]!);
    at += 4;
    if (type === "u") fields.set(code, u32(at)), at += 4;
    else {
      const length = type === "g" ? bytes[at]! : u32(at);
      at += type === "g" ? 1 : 4;
      fields.set(code, new TextDecoder().decode(bytes.subarray(at, at + length)));
      at += length + 1;
    }
  }
  return { type: bytes[1]!, serial: u32(8), fields, size };
}

function call(destination: string, path: string, member: string, types: string): Fields {
  const service = path === "/org/freedesktop/DBus" ? destination : `${AUTHORITY}.Authority`;
  const fields = new Map<number, string>([[PATH, path], [INTERFACE, service], [MEMBER, member]]);
  fields.set(DESTINATION, destination);
  return types === "" ? fields : fields.set(SIGNATURE, types);
}

/** proc(5): clock ticks after boot, the 22nd field. */
function startTime(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

function registration(pid: number, uid: number): Writer {
  const body = new Writer().text("unix-process").array((writer) => {
    writer.align(8).text("pid").signature("u").number(pid);
    writer.align(8).text("start-time").signature("t").number(startTime(pid), 8);
    writer.align(8).text("uid").signature("i").number(uid);
  });
  return body.text("C").text(AGENT);
}

export class ClosingAgent {
  readonly #connection: Deno.UnixConn;
  #bytes = new Uint8Array();
  #serial = 0;

  private constructor(connection: Deno.UnixConn) {
    this.#connection = connection;
  }

  /** Registers for a process of this user, on the bus at this socket. */
  static async register(socket: string, pid: number, uid: number): Promise<ClosingAgent> {
    const agent = new ClosingAgent(await Deno.connect({ transport: "unix", path: socket }));
    await agent.#greet();
    const bus = "org.freedesktop.DBus";
    await agent.#send(call(bus, "/org/freedesktop/DBus", "Hello", ""), new Writer());
    const path = "/org/freedesktop/PolicyKit1/Authority";
    const fields = call(AUTHORITY, path, "RegisterAuthenticationAgent", "(sa{sv})ss");
    const serial = await agent.#send(fields, registration(pid, uid));
    for (;;) {
      const { type, fields } = await agent.#receive();
      if (fields.get(REPLY_SERIAL) !== serial) continue;
      if (type === METHOD_RETURN) return agent;
      throw new Error(`not registered: ${fields.get(ERROR_NAME)}`);
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  /** Waits for polkitd's question and cancels it. */
  async close(): Promise<void> {
    for (;;) {
      const { type, serial, fields } = await this.#receive();
      if (type !== METHOD_CALL || fields.get(MEMBER) !== "BeginAuthentication") continue;
      const reply = new Map<number, string | number>([[ERROR_NAME, CANCELLED]]);
      reply.set(REPLY_SERIAL, serial).set(DESTINATION, fields.get(SENDER)!);
      await this.#write(message(ERROR, ++this.#serial, reply, new Writer()));
      return;
    }
  }

  /** Authenticates as the user that the socket reports. */
  async #greet(): Promise<void> {
    const id = Array.from(String(Deno.uid()), (digit) => `3${digit}`).join("");
    await this.#write(new TextEncoder().encode(`\0AUTH EXTERNAL ${id}\r\n`));
    await this.#connection.read(new Uint8Array(1024));
    await this.#write(new TextEncoder().encode("BEGIN\r\n"));
  }

  async #send(fields: Fields, body: Writer): Promise<number> {
    await this.#write(message(METHOD_CALL, ++this.#serial, fields, body));
    return this.#serial;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  async #receive(): Promise<Message> {
    for (;;) {
      const found = parse(this.#bytes);
      if (found !== undefined) {
        this.#bytes = this.#bytes.slice(found.size);
        return found;
      }
      const chunk = new Uint8Array(4096);
      const n = await this.#connection.read(chunk);
      if (n === null) throw new Error("the bus closed the connection");
      this.#bytes = new Uint8Array([...this.#bytes, ...chunk.subarray(0, n)]);
    }
  }
}
