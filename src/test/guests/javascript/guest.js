const [command, ...rest] = scriptArgs.slice(1);
switch (command) {
  case "hello":
    console.log("hello from JavaScript");
    std.err.puts("JavaScript complains\n");
    break;
  case "args":
    for (const arg of rest) console.log(`[${arg}]`);
    break;
  case "env":
    console.log(`${std.getenv("GREETING")}, ${std.getenv("ABSENT") ?? "absent"}`);
    break;
  case "file": {
    const text = std.loadFile("/data/in.txt");
    const out = std.open("/data/out.txt", "w");
    out.puts(`JavaScript read: ${text}`);
    out.close();
    break;
  }
  case "exit":
    std.exit(Number(rest[0]));
  case "crash":
    throw new Error("JavaScript crashes");
  case "return":
    break;
  default:
    std.exit(64);
}
