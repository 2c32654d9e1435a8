import {
  fd,
  fd_close,
  fd_read,
  fd_write,
  oflags,
  path_open,
  rights,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

// The shim has no files. The only preopened directory is the first descriptor after the streams.
const DATA: fd = 3;

const result = memory.data(4);
const vector = memory.data(8);

function open(name: string, flags: oflags, wanted: rights): fd {
  const path = String.UTF8.encode(name);
  check(
    path_open(
      DATA, 0, changetype<usize>(path), path.byteLength, flags, wanted, 0, 0, result,
    ),
  );
  return load<fd>(result);
}

function pointVectorAt(buffer: ArrayBuffer): void {
  store<usize>(vector, changetype<usize>(buffer));
  store<usize>(vector, buffer.byteLength, sizeof<usize>());
}

function check(error: u32): void {
  if (error) throw new Error("error " + error.toString());
}

function copyFile(): void {
  const input = open("in.txt", 0, rights.FD_READ);
  const buffer = new ArrayBuffer(100);
  pointVectorAt(buffer);
  check(fd_read(input, vector, 1, result));
  const text = String.UTF8.decode(buffer.slice(0, load<i32>(result)));
  check(fd_close(input));
  const output = open("out.txt", oflags.CREAT | oflags.TRUNC, rights.FD_WRITE);
  pointVectorAt(String.UTF8.encode("AssemblyScript read: " + text));
  check(fd_write(output, vector, 1, result));
  check(fd_close(output));
}

const command = process.argv.length > 1 ? process.argv[1] : "";
if (command == "hello") {
  process.stdout.write("hello from AssemblyScript\n");
  process.stderr.write("AssemblyScript complains\n");
} else if (command == "args") {
  const args = process.argv.slice(2);
  for (let i = 0; i < args.length; i++) process.stdout.write("[" + args[i] + "]\n");
} else if (command == "env") {
  const absent = process.env.has("ABSENT") ? process.env.get("ABSENT") : "absent";
  process.stdout.write(process.env.get("GREETING") + ", " + absent + "\n");
} else if (command == "file") {
  copyFile();
} else if (command == "exit") {
  process.exit(i32(parseInt(process.argv[2])));
} else if (command == "crash") {
  throw new Error("AssemblyScript crashes");
} else if (command != "return") {
  process.exit(64);
}
