package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.wasmtimejvm.binary.DemangledSize;
import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.capi.WasmtimeError;
import io.github.wasmtimejvm.capi.WasmtimeExnref;
import io.github.wasmtimejvm.capi.WasmtimeTrap;
import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.GcRoot;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.internal.Rethrow;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import io.github.wasmtimejvm.internal.Ticker;
import io.github.wasmtimejvm.loader.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an entry into a guest ended with: turns its {@code wasmtime_error_t}, {@code wasm_trap_t} or
 * pending exception into a Java exception, and deletes the native object. {@link Failures} does the
 * same for calls of the C API that run no guest.
 */
final class Outcome {
  // Where the engine's text for an error goes on behind the frames.
  private static final String CAUSE = "\n\nCaused by:\n";
  private static final String BACKTRACE = "error while executing at wasm backtrace:";
  private static final String WITHHELD =
      "    an error of the engine; its message would contain a name too long to demangle";

  private Outcome() {}

  /** Makes the exception for what an entry into a guest ended with, other than {@link Shim#OK}. */
  static RuntimeException exception(StoreState store, int status) {
    if (status == Shim.NO_ROOM) {
      return noRoom(store.stackLeft(), store.stackNeeded());
    }
    if (status == Shim.NO_MEMORY) {
      throw new OutOfMemoryError("no native memory for the signal stack of this thread");
    }
    int stopped = store.takeStopped();
    MemorySegment error = store.takeError();
    MemorySegment trap = store.takeTrap();
    // Taken in any case: what one entry left behind must not come out of another one.
    Throwable thrown = store.takeThrown();
    if (trap.address() != 0) {
      return trap(store, trap);
    }
    if (thrown != null) {
      WasmtimeError.wasmtime_error_delete(error);
      if (thrown instanceof ExitException exit) {
        record(exit);
      }
      throw Rethrow.unchecked(thrown);
    }
    return stopped != 0 ? stopped(store, error, stopped) : error(store, error);
  }

  private static RuntimeException stopped(StoreState store, MemorySegment error, int reason) {
    try (Arena arena = Arena.ofConfined()) {
      return stopped(
          reason,
          frames(store, arena, vector -> WasmtimeError.wasmtime_error_wasm_trace(error, vector)));
    } finally {
      WasmtimeError.wasmtime_error_delete(error);
    }
  }

  /**
   * Makes the exception for a guest that was stopped from outside.
   *
   * @param reason a constant of {@link Ticker}
   */
  static RuntimeException stopped(int reason, List<WasmFrame> frames) {
    return switch (reason) {
      case Ticker.TIMEOUT -> new StoppedException(StoppedException.Reason.TIMEOUT, frames);
      case Ticker.INTERRUPT -> new StoppedException(StoppedException.Reason.INTERRUPT, frames);
      case Ticker.STACK -> trap(TrapCode.STACK_OVERFLOW, frames);
      default -> trap(TrapCode.INTERRUPT, frames);
    };
  }

  private static TrapException trap(TrapCode code, List<WasmFrame> frames) {
    return new TrapException(code.ordinal(), "wasm trap: " + code.description(), frames);
  }

  /**
   * Initializes the classes that report a refused entry, while there is stack for it: a class that
   * runs out of stack while it is initialized can never be used again.
   */
  static void prepare() {
    noRoom(0, 0);
    stopped(Ticker.TIMEOUT, List.of());
  }

  // A Formatter would initialize the JDK's locale classes, which could then stay unusable.
  private static TrapException noRoom(long left, long needed) {
    return new TrapException(
        TrapCode.STACK_OVERFLOW.ordinal(),
        "wasm trap: call stack exhausted before the guest was entered: the thread has "
            + left
            + " bytes of stack left, entering needs "
            + needed
            + "; use a thread with a larger stack or an engine with a smaller maxWasmStack",
        List.of());
  }

  private static RuntimeException trap(StoreState store, MemorySegment trap) {
    try (Arena arena = Arena.ofConfined()) {
      List<WasmFrame> frames = frames(store, arena, vector -> Wasm.wasm_trap_trace(trap, vector));
      TrapException exception = withCode(arena, trap, frames);
      if (exception != null) {
        return exception;
      }
      RuntimeException thrown = takeException(store, arena, frames);
      return thrown != null ? thrown : new EngineException("a trap without a reason", frames);
    } finally {
      Wasm.wasm_trap_delete(trap);
    }
  }

  // Null for a trap without a code.
  private static @Nullable TrapException withCode(
      Arena arena, MemorySegment trap, List<WasmFrame> frames) {
    MemorySegment code = arena.allocate(JAVA_BYTE);
    if (!WasmtimeTrap.wasmtime_trap_code(trap, code)) {
      return null;
    }
    int rawCode = Byte.toUnsignedInt(code.get(JAVA_BYTE, 0));
    TrapCode known = TrapCode.of(rawCode);
    TrapException exception =
        new TrapException(
            rawCode,
            "wasm trap: "
                + (known == TrapCode.UNKNOWN ? "unknown reason " + rawCode : known.description()),
            frames);
    if (Events.wantsTrap()) {
      Events.trap(known.name(), frames.isEmpty() ? null : frames.getFirst().toString());
    }
    return exception;
  }

  // A component's trap comes as an error, and the C API gives the code of a wasm_trap_t only. Both
  // are the same struct in the library that is packaged; of another library that is not known, and
  // the trap stays an error of the engine.
  private static @Nullable TrapException trapOfComponent(
      Arena arena, MemorySegment error, List<WasmFrame> frames) {
    return NativeLibrary.isPackaged() ? withCode(arena, error, frames) : null;
  }

  // The first time only: one exit may come out of several guests.
  private static void record(ExitException exit) {
    if (Events.wantsExit() && exit.isNew()) {
      Events.exit(exit.status());
    }
  }

  private static RuntimeException error(StoreState store, MemorySegment error) {
    try (Arena arena = Arena.ofConfined()) {
      List<WasmFrame> frames =
          frames(store, arena, vector -> WasmtimeError.wasmtime_error_wasm_trace(error, vector));
      MemorySegment status = arena.allocate(JAVA_INT);
      if (WasmtimeError.wasmtime_error_exit_status(error, status)) {
        ExitException exit = new ExitException(status.get(JAVA_INT, 0), frames);
        record(exit);
        return exit;
      }
      TrapException trap = trapOfComponent(arena, error, frames);
      if (trap != null) {
        return trap;
      }
      // Instantiation reports an uncaught exception as an error, a call as a trap.
      RuntimeException thrown = takeException(store, arena, frames);
      return thrown != null ? thrown : EngineException.of(message(error, frames), frames);
    } finally {
      WasmtimeError.wasmtime_error_delete(error);
    }
  }

  // The pending exception would come out of the next call. One that a host function threw comes
  // back as the object that it threw.
  private static @Nullable RuntimeException takeException(
      StoreState state, Arena arena, List<WasmFrame> frames) {
    MemorySegment reference = arena.allocate(GcRoot.SIZEOF, 8);
    if (!WasmtimeExnref.wasmtime_context_take_exception(state.context(), reference)) {
      return null;
    }
    Store store = (Store) state.facade();
    ExnRef exception = new ExnRef(store, reference);
    Throwable raised = state.takeRaised();
    if (raised instanceof GuestException guest && guest.exception().isSame(exception)) {
      return guest;
    }
    UnwindingExit exits = store.unwindingExit();
    ExitException exit = exits == null ? null : exits.exit(exception, raised, frames);
    if (exit != null) {
      record(exit);
      return exit;
    }
    return new GuestException(exception, frames);
  }

  // The engine puts the demangled names of the guest's functions into the message, and a hostile
  // name makes that take all the memory there is, which ends the process. Such a message is not
  // asked for. And what is demangled need not have been mangled: it calls a function f "float". So
  // the frames of the message are ours.
  private static String message(MemorySegment error, List<WasmFrame> frames) {
    if (frames.isEmpty()) {
      return Failures.message(error);
    }
    boolean hostile =
        frames.stream().map(WasmFrame::functionName).anyMatch(DemangledSize::isHostile);
    StringBuilder text = new StringBuilder(BACKTRACE);
    for (int i = 0; i < frames.size(); i++) {
      text.append("\n    ").append(i).append(": ").append(frames.get(i));
    }
    return text.append(CAUSE)
        .append(hostile ? WITHHELD : cause(Failures.message(error)))
        .toString();
  }

  // What follows the engine's own frames. This is the last cause, because names may contain
  // anything.
  private static String cause(String message) {
    int at = message.lastIndexOf(CAUSE);
    String cause = at < 0 ? BACKTRACE : message.substring(at + CAUSE.length());
    if (!cause.contains(BACKTRACE)) {
      return cause;
    }
    String headline = at < 0 ? message : message.substring(0, at);
    return "    " + (headline.contains(BACKTRACE) ? "an error without a message" : headline);
  }

  private static List<WasmFrame> frames(
      StoreState state, Arena arena, Consumer<MemorySegment> trace) {
    Store store = (Store) state.facade();
    MemorySegment vector = arena.allocate(NativeVector.SIZEOF, 8);
    trace.accept(vector);
    try {
      List<WasmFrame> frames = new ArrayList<>();
      for (MemorySegment frame : NativeVector.elements(vector)) {
        WasmFrame known =
            new WasmFrame(
                name(WasmtimeTrap.wasmtime_frame_module_name(frame)),
                name(WasmtimeTrap.wasmtime_frame_func_name(frame)),
                Wasm.wasm_frame_func_index(frame),
                offset(Wasm.wasm_frame_func_offset(frame)),
                offset(Wasm.wasm_frame_module_offset(frame)),
                null,
                OptionalInt.empty());
        frames.add(store.withLine(known));
      }
      return frames;
    } finally {
      Wasm.wasm_frame_vec_delete(vector);
    }
  }

  private static @Nullable String name(MemorySegment name) {
    return name.address() == 0 ? null : NativeVector.text(name);
  }

  private static OptionalLong offset(long offset) {
    return offset == -1 ? OptionalLong.empty() : OptionalLong.of(offset);
  }
}
