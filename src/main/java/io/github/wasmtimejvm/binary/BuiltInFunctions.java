package io.github.wasmtimejvm.binary;

import java.util.Map;

/**
 * The canonical built-in functions of tasks, streams, futures and threads, by their numbers. All
 * are read over: the name alone is kept.
 */
final class BuiltInFunctions {
  /**
   * A function.
   *
   * @param name the name in the text format
   * @param immediates what follows the number, a letter each: {@code t} a type, {@code m} a memory,
   *     {@code T} a table, {@code c} a core type, {@code b} a flag, {@code z} a flag that was given
   *     up, {@code v} a core type of a value, {@code n} a number, {@code r} a result, {@code o}
   *     options
   */
  record Form(String name, String immediates) {
    ComponentFeature feature() {
      if (name.startsWith("error-context.")) {
        return ComponentFeature.ERROR_CONTEXTS;
      }
      if (name.endsWith(".forward")) {
        return ComponentFeature.FORWARDING;
      }
      return name.startsWith("thread.") && !name.equals("thread.yield")
          ? ComponentFeature.THREADS
          : ComponentFeature.ASYNC_BUILT_INS;
    }

    /** Whether the function reads or writes, and waits unless it is declared as asynchronous. */
    boolean transfers() {
      return name.endsWith(".read") || name.endsWith(".write");
    }
  }

  private static final Map<Integer, Form> FORMS =
      Map.ofEntries(
          form(0x05, "task.cancel", ""),
          form(0x06, "subtask.cancel", "b"),
          form(0x09, "task.return", "ro"),
          form(0x0a, "context.get", "vn"),
          form(0x0b, "context.set", "vn"),
          form(0x0c, "thread.yield", "z"),
          form(0x0d, "subtask.drop", ""),
          form(0x0e, "stream.new", "t"),
          form(0x0f, "stream.read", "to"),
          form(0x10, "stream.write", "to"),
          form(0x11, "stream.cancel-read", "tb"),
          form(0x12, "stream.cancel-write", "tb"),
          form(0x13, "stream.drop-readable", "t"),
          form(0x14, "stream.drop-writable", "t"),
          form(0x15, "future.new", "t"),
          form(0x16, "future.read", "to"),
          form(0x17, "future.write", "to"),
          form(0x18, "future.cancel-read", "tb"),
          form(0x19, "future.cancel-write", "tb"),
          form(0x1a, "future.drop-readable", "t"),
          form(0x1b, "future.drop-writable", "t"),
          form(0x1c, "error-context.new", "o"),
          form(0x1d, "error-context.debug-message", "o"),
          form(0x1e, "error-context.drop", ""),
          form(0x1f, "waitable-set.new", ""),
          form(0x20, "waitable-set.wait", "zm"),
          form(0x21, "waitable-set.poll", "zm"),
          form(0x22, "waitable-set.drop", ""),
          form(0x23, "waitable.join", ""),
          form(0x24, "backpressure.inc", ""),
          form(0x25, "backpressure.dec", ""),
          form(0x26, "thread.index", ""),
          form(0x27, "thread.new-indirect", "cT"),
          form(0x28, "thread.resume-later", ""),
          form(0x29, "thread.suspend", "z"),
          form(0x2a, "thread.suspend-then-resume", "z"),
          form(0x2b, "thread.yield-then-resume", "z"),
          form(0x2c, "thread.suspend-then-promote", "z"),
          form(0x2d, "thread.yield-then-promote", "z"),
          form(0x2e, "stream.forward", "t"),
          form(0x2f, "future.forward", "t"),
          form(0x40, "thread.spawn-ref", "c"),
          form(0x41, "thread.spawn-indirect", "cT"),
          form(0x42, "thread.available-parallelism", ""));

  private BuiltInFunctions() {}

  private static Map.Entry<Integer, Form> form(int number, String name, String immediates) {
    return Map.entry(number, new Form(name, immediates));
  }

  static Form of(ComponentInput in, int number) {
    Form form = FORMS.get(number);
    if (form == null) {
      throw in.unknown("canonical function", number);
    }
    return form;
  }
}
