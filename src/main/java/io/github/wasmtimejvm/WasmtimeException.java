package io.github.wasmtimejvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the engine reports as an error or a trap: {@code wasmtime_error_t} and {@code wasm_trap_t}
 * in C.
 *
 * <ul>
 *   <li>{@link ExitException}: the guest ended itself with a status, maybe 0.
 *   <li>{@link TrapException}: the guest did something that WebAssembly forbids, or ran out of a
 *       resource.
 *   <li>{@link StoppedException}: the guest was stopped from outside, by its deadline or an
 *       interrupt.
 *   <li>{@link GuestException}: the guest threw a WebAssembly exception that nobody caught.
 *   <li>{@link CompileException}: a module is invalid or cannot be compiled.
 *   <li>{@link LinkException}: a module's imports are missing or of the wrong type.
 *   <li>{@link EngineException}: anything else; {@link GcHeapOutOfMemoryException} is one.
 * </ul>
 *
 * An exception that a host function threw is none of these: it comes back as it was. Misuse of this
 * library is reported by the JDK's own exceptions, {@link IllegalArgumentException} and {@link
 * IllegalStateException}, before the engine is asked.
 *
 * <p>Where a guest was running, its WebAssembly frames are on top of the Java stack trace, and in
 * {@link #frames()}.
 */
public abstract sealed class WasmtimeException extends RuntimeException
    permits ExitException,
        TrapException,
        StoppedException,
        GuestException,
        CompileException,
        LinkException,
        EngineException {
  private static final long serialVersionUID = 1;

  private final transient List<WasmFrame> frames;

  WasmtimeException(@Nullable String message, List<WasmFrame> frames) {
    super(message);
    this.frames = List.copyOf(frames);
    if (!frames.isEmpty()) {
      List<StackTraceElement> trace = new ArrayList<>();
      for (WasmFrame frame : frames) {
        trace.add(frame.toStackTraceElement());
      }
      trace.addAll(Arrays.asList(getStackTrace()));
      setStackTrace(trace.toArray(StackTraceElement[]::new));
    }
  }

  /**
   * Returns the status with which the guest exited, all 32 bits of it; empty for everything that is
   * not an exit. {@code wasmtime_error_exit_status} in C. Threads: any.
   */
  public OptionalInt exitStatus() {
    return OptionalInt.empty();
  }

  /**
   * Returns the guest's frames, innermost first, of which the engine keeps 20; empty where no guest
   * was running, and after deserialization. {@code wasm_trap_trace} and {@code
   * wasmtime_error_wasm_trace} in C. Threads: any.
   */
  public List<WasmFrame> frames() {
    return frames == null ? List.of() : frames;
  }
}
