const std = @import("std");
const Io = std.Io;

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    const command = if (args.len > 1) args[1] else "";
    if (std.mem.eql(u8, command, "hello")) {
        try Io.File.stderr().writeStreamingAll(init.io, "Zig complains\n");
        try print(init, "hello from Zig\n", .{});
    } else if (std.mem.eql(u8, command, "args")) {
        for (args[2..]) |arg| try print(init, "[{s}]\n", .{arg});
    } else if (std.mem.eql(u8, command, "env")) {
        const env = init.environ_map;
        try print(init, "{s}, {s}\n", .{ env.get("GREETING").?, env.get("ABSENT") orelse "absent" });
    } else if (std.mem.eql(u8, command, "file")) {
        // Zig leaves it to the program to find a preopened directory by its name.
        const data = init.preopens.get("/data").?.dir;
        var buffer: [100]u8 = undefined;
        const text = try data.readFile(init.io, "in.txt", &buffer);
        var line: [120]u8 = undefined;
        try data.writeFile(init.io, .{
            .sub_path = "out.txt",
            .data = try std.fmt.bufPrint(&line, "Zig read: {s}", .{text}),
        });
    } else if (std.mem.eql(u8, command, "exit")) {
        std.process.exit(try std.fmt.parseInt(u8, args[2], 10));
    } else if (std.mem.eql(u8, command, "crash")) {
        @panic("Zig crashes");
    } else if (!std.mem.eql(u8, command, "return")) {
        std.process.exit(64);
    }
}

fn print(init: std.process.Init, comptime format: []const u8, args: anytype) !void {
    var buffer: [200]u8 = undefined;
    try Io.File.stdout().writeStreamingAll(init.io, try std.fmt.bufPrint(&buffer, format, args));
}
