// The part of WASI (preview 1) that the `cors` command takes: arguments, standard streams and, where the host has them, files.

const SUCCESS = 0;
const BADF = 8;
const IO = 29;
const NOENT = 44;
const NOSYS = 52;

const ERRNO = {
  EACCES: 2,
  EAGAIN: 6,
  EBADF: BADF,
  EEXIST: 20,
  EINVAL: 28,
  EISDIR: 31,
  ELOOP: 32,
  ENAMETOOLONG: 37,
  ENOENT: NOENT,
  ENOSPC: 51,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  EPERM: 63,
  EPIPE: 64,
  EROFS: 69,
  EXDEV: 75,
};

const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const SYMBOLIC_LINK = 7;

/** The folder that the program is given: the root, below which are all paths. */
const ROOT = 3;

const CREATE = 1;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const APPEND = 1;
const RIGHT_TO_WRITE = 1n << 6n;

class Exit extends Error {
  constructor(status) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/**
 * What a program gets of its host.
 * @typedef {{
 *   args: readonly string[],
 *   env: Readonly<Record<string, string | undefined>>,
 *   read(buffer: Uint8Array): number,
 *   write(stream: 1 | 2, bytes: Uint8Array): void,
 *   isTerminal(stream: 0 | 1 | 2): boolean,
 *   files?: typeof import("node:fs"),
 * }} Host
 */

/**
 * Runs a program to its end, and returns its exit status.
 * @param {WebAssembly.Module} module
 * @param {Host} host
 * @returns {number}
 */
export function run(module, host) {
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports(host, () => exports.memory) });
  try {
    exports._start();
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.status;
    throw error;
  }
}

function imports(host, memory) {
  const { files } = host;
  const bytes = () => new Uint8Array(memory().buffer);
  const view = () => new DataView(memory().buffer);
  const text = (place, length) => decoder.decode(bytes().slice(place, place + length));
  const encoded = (texts) => texts.map((each) => encoder.encode(`${each}\0`));
  const args = encoded(host.args);
  const env = encoded(Object.entries(host.env).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`));
  /** Descriptors of the host's files. */
  const open = new Map();
  /** The paths and the entries of the folders among them. */
  const folders = new Map();

  const sizes = (list) => (count, size) => {
    view().setUint32(count, list.length, true);
    view().setUint32(size, list.reduce((sum, { length }) => sum + length, 0), true);
    return SUCCESS;
  };
  const get = (list) => (places, buffer) => {
    let end = buffer;
    list.forEach((each, index) => {
      view().setUint32(places + 4 * index, end, true);
      bytes().set(each, end);
      end += each.length;
    });
    return SUCCESS;
  };
  const answer = (call) => {
    try {
      return call() ?? SUCCESS;
    } catch (error) {
      if (error instanceof Exit) throw error;
      return ERRNO[error.code] ?? IO;
    }
  };
  /** Calls `each` with every part of a list of buffers, until one is not filled, and returns the sum. */
  const each = (list, count, part) => {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const place = view().getUint32(list + 8 * index, true);
      const length = view().getUint32(list + 8 * index + 4, true);
      if (length === 0) continue;
      const done = part(bytes().subarray(place, place + length));
      sum += done;
      if (done < length) break;
    }
    return sum;
  };
  const writeStat = (place, stat) => {
    bytes().fill(0, place, place + 64);
    const type = stat.isDirectory() ? DIRECTORY : stat.isFile() ? REGULAR_FILE : stat.isSymbolicLink() ? SYMBOLIC_LINK : CHARACTER_DEVICE;
    view().setUint8(place + 16, type);
    view().setBigUint64(place, BigInt(stat.dev), true);
    view().setBigUint64(place + 8, BigInt(stat.ino), true);
    view().setBigUint64(place + 32, BigInt(stat.size), true);
  };
  const path = (folder, place, length) => {
    if (files === undefined) throw Object.assign(new Error("no files"), { code: "ENOENT" });
    const named = text(place, length);
    if (folders.has(folder)) return `${folders.get(folder).path}/${named}`;
    // A drive of Windows stands below the root.
    return /^[A-Za-z]:/.test(named) ? named : `/${named}`;
  };

  return {
    args_get: get(args),
    args_sizes_get: sizes(args),
    environ_get: get(env),
    environ_sizes_get: sizes(env),
    clock_time_get(_clock, _precision, place) {
      view().setBigUint64(place, BigInt(Date.now()) * 1_000_000n, true);
      return SUCCESS;
    },
    random_get(place, length) {
      globalThis.crypto.getRandomValues(bytes().subarray(place, place + length));
      return SUCCESS;
    },
    proc_exit(status) {
      throw new Exit(status);
    },
    fd_prestat_get(fd, place) {
      if (fd !== ROOT) return BADF;
      view().setUint32(place, 0, true);
      view().setUint32(place + 4, 1, true);
      return SUCCESS;
    },
    fd_prestat_dir_name(_fd, place) {
      bytes()[place] = 0x2f;
      return SUCCESS;
    },
    fd_fdstat_get(fd, place) {
      bytes().fill(0, place, place + 24);
      const type = fd === ROOT || folders.has(fd) ? DIRECTORY : fd > ROOT ? REGULAR_FILE : host.isTerminal(fd) ? CHARACTER_DEVICE : REGULAR_FILE;
      view().setUint8(place, type);
      const isTerminal = type === CHARACTER_DEVICE;
      // A terminal cannot seek.
      view().setBigUint64(place + 8, isTerminal ? 0xffffffffffffffffn & ~0x24n : 0xffffffffffffffffn, true);
      view().setBigUint64(place + 16, 0xffffffffffffffffn, true);
      return SUCCESS;
    },
    fd_filestat_get: (fd, place) => answer(() => {
      if (!open.has(fd)) return BADF;
      writeStat(place, files.fstatSync(open.get(fd)));
    }),
    fd_read: (fd, list, count, place) => answer(() => {
      if (fd !== 0 && !open.has(fd)) return BADF;
      const sum = each(list, count, (buffer) => (fd === 0 ? host.read(buffer) : files.readSync(open.get(fd), buffer)));
      view().setUint32(place, sum, true);
    }),
    fd_write: (fd, list, count, place) => answer(() => {
      if (fd === 0 || (fd > 2 && !open.has(fd))) return BADF;
      const sum = each(list, count, (buffer) => {
        if (fd > 2) return files.writeSync(open.get(fd), buffer);
        host.write(fd, buffer);
        return buffer.length;
      });
      view().setUint32(place, sum, true);
    }),
    fd_sync: (fd) => answer(() => (open.has(fd) ? files.fsyncSync(open.get(fd)) : BADF)),
    fd_close: (fd) => answer(() => {
      if (!open.has(fd)) return fd <= ROOT ? SUCCESS : BADF;
      files.closeSync(open.get(fd));
      open.delete(fd);
      folders.delete(fd);
    }),
    fd_readdir: (fd, buffer, size, cookie, result) => answer(() => {
      if (!folders.has(fd)) return ERRNO.ENOTDIR;
      let used = 0;
      for (const [index, entry] of folders.get(fd).entries.entries()) {
        if (index < Number(cookie)) continue;
        const name = encoder.encode(entry.name);
        const record = new Uint8Array(24 + name.length);
        const head = new DataView(record.buffer);
        head.setBigUint64(0, BigInt(index + 1), true);
        head.setUint32(16, name.length, true);
        head.setUint8(20, entry.isDirectory() ? DIRECTORY : entry.isFile() ? REGULAR_FILE : entry.isSymbolicLink() ? SYMBOLIC_LINK : CHARACTER_DEVICE);
        record.set(name, 24);
        // What does not fit is cut, and asked for again.
        const part = record.subarray(0, size - used);
        bytes().set(part, buffer + used);
        used += part.length;
        if (used === size) break;
      }
      view().setUint32(result, used, true);
    }),
    path_open: (dir, _flags, place, length, how, rights, _inherited, flags, result) => answer(() => {
      const named = path(dir, place, length);
      const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = files.constants;
      const writes = (rights & RIGHT_TO_WRITE) !== 0n;
      const reads = (rights & 2n) !== 0n;
      const mode = (writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY) | (how & CREATE ? O_CREAT : 0) | (how & EXCLUSIVE ? O_EXCL : 0) |
        (how & TRUNCATE ? O_TRUNC : 0) | (flags & APPEND ? O_APPEND : 0);
      const descriptor = files.openSync(named, mode, 0o666);
      let fd = ROOT + 1;
      while (open.has(fd)) fd += 1;
      open.set(fd, descriptor);
      if (files.fstatSync(descriptor).isDirectory()) {
        folders.set(fd, { path: named, entries: files.readdirSync(named, { withFileTypes: true }) });
      }
      view().setUint32(result, fd, true);
    }),
    path_filestat_get: (dir, flags, place, length, result) => answer(() => {
      const named = path(dir, place, length);
      writeStat(result, flags & 1 ? files.statSync(named) : files.lstatSync(named));
    }),
    path_readlink: (dir, place, length, buffer, size, result) => answer(() => {
      const target = encoder.encode(files.readlinkSync(path(dir, place, length))).subarray(0, size);
      bytes().set(target, buffer);
      view().setUint32(result, target.length, true);
    }),
    path_rename: (dir, place, length, to, other, otherLength) => answer(() => {
      const [from, target] = [path(dir, place, length), path(to, other, otherLength)];
      // WASI sets no permissions: a file that takes the place of another gets them here.
      const old = files.statSync(target, { throwIfNoEntry: false });
      if (old !== undefined) files.chmodSync(from, old.mode);
      files.renameSync(from, target);
    }),
    path_unlink_file: (dir, place, length) => answer(() => files.unlinkSync(path(dir, place, length))),
    poll_oneoff: () => NOSYS,
  };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
