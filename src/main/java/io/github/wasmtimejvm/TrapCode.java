package io.github.wasmtimejvm;

/**
 * Why a guest trapped: {@code wasmtime_trap_code_enum} in C. The ordinals of all but the last are
 * the numbers of the C API.
 */
public enum TrapCode {
  /** Call stack exhausted. */
  STACK_OVERFLOW("call stack exhausted"),
  /** Out of bounds memory access. */
  MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
  /** Unaligned atomic. */
  HEAP_MISALIGNED("unaligned atomic"),
  /** Undefined element: out of bounds table access. */
  TABLE_OUT_OF_BOUNDS("undefined element: out of bounds table access"),
  /** Uninitialized element. */
  INDIRECT_CALL_TO_NULL("uninitialized element"),
  /** Indirect call type mismatch. */
  BAD_SIGNATURE("indirect call type mismatch"),
  /** Integer overflow. */
  INTEGER_OVERFLOW("integer overflow"),
  /** Integer divide by zero. */
  INTEGER_DIVISION_BY_ZERO("integer divide by zero"),
  /** Invalid conversion to integer. */
  BAD_CONVERSION_TO_INTEGER("invalid conversion to integer"),
  /** Wasm {@code unreachable} instruction executed. */
  UNREACHABLE_CODE_REACHED("wasm `unreachable` instruction executed"),
  /** Interrupt. */
  INTERRUPT("interrupt"),
  /** All fuel consumed by WebAssembly. */
  OUT_OF_FUEL("all fuel consumed by WebAssembly"),
  /** Atomic wait on non-shared memory. */
  ATOMIC_WAIT_NON_SHARED_MEMORY("atomic wait on non-shared memory"),
  /** Null reference. */
  NULL_REFERENCE("null reference"),
  /** Out of bounds array access. */
  ARRAY_OUT_OF_BOUNDS("out of bounds array access"),
  /** Allocation size too large. */
  ALLOCATION_TOO_LARGE("allocation size too large"),
  /** Cast failure. */
  CAST_FAILURE("cast failure"),
  /** Cannot enter component instance. */
  CANNOT_ENTER_COMPONENT("cannot enter component instance"),
  /** Async-lifted export failed to produce a result. */
  NO_ASYNC_RESULT("async-lifted export failed to produce a result"),
  /** Unhandled tag. */
  UNHANDLED_TAG("unhandled tag"),
  /** Continuation already consumed. */
  CONTINUATION_ALREADY_CONSUMED("continuation already consumed"),
  /** Pulley opcode disabled at compile time was executed. */
  DISABLED_OPCODE("pulley opcode disabled at compile time was executed"),
  /** Deadlock detected: event loop cannot make further progress. */
  ASYNC_DEADLOCK("deadlock detected: event loop cannot make further progress"),
  /** Cannot leave component instance. */
  CANNOT_LEAVE_COMPONENT("cannot leave component instance"),
  /** Cannot block a synchronous task before returning. */
  CANNOT_BLOCK_SYNC_TASK("cannot block a synchronous task before returning"),
  /** Invalid {@code char} bit pattern. */
  INVALID_CHAR("invalid `char` bit pattern"),
  /** Should have finished string encoding. */
  DEBUG_ASSERT_STRING_ENCODING_FINISHED("should have finished string encoding"),
  /** Code units should be equal. */
  DEBUG_ASSERT_EQUAL_CODE_UNITS("code units should be equal"),
  /** Pointer should be aligned. */
  DEBUG_ASSERT_POINTER_ALIGNED("pointer should be aligned"),
  /** Upper bits should be unset. */
  DEBUG_ASSERT_UPPER_BITS_UNSET("upper bits should be unset"),
  /** String content out-of-bounds. */
  STRING_OUT_OF_BOUNDS("string content out-of-bounds"),
  /** List content out-of-bounds. */
  LIST_OUT_OF_BOUNDS("list content out-of-bounds"),
  /** Invalid variant discriminant. */
  INVALID_DISCRIMINANT("invalid variant discriminant"),
  /** Unaligned pointer. */
  UNALIGNED_POINTER("unaligned pointer"),
  /** {@code task.cancel} called by task which has not been cancelled. */
  TASK_CANCEL_NOT_CANCELLED("`task.cancel` called by task which has not been cancelled"),
  /** {@code task.return} or {@code task.cancel} called more than once for current task. */
  TASK_CANCEL_OR_RETURN_TWICE(
      "`task.return` or `task.cancel` called more than once for current task"),
  /** {@code subtask.cancel} called after terminal status delivered. */
  SUBTASK_CANCEL_AFTER_TERMINAL("`subtask.cancel` called after terminal status delivered"),
  /** Invalid {@code task.return} signature and/or options for current task. */
  TASK_RETURN_INVALID("invalid `task.return` signature and/or options for current task"),
  /** Cannot drop waitable set with waiters. */
  WAITABLE_SET_DROP_HAS_WAITERS("cannot drop waitable set with waiters"),
  /** Cannot drop a subtask which has not yet resolved. */
  SUBTASK_DROP_NOT_RESOLVED("cannot drop a subtask which has not yet resolved"),
  /**
   * Start function does not match expected type (currently only {@code (i32) -> ()} is supported).
   */
  THREAD_NEW_INDIRECT_INVALID_TYPE(
      "start function does not match expected type (currently only `(i32) -> ()` is supported)"),
  /** The start function index points to an uninitialized function. */
  THREAD_NEW_INDIRECT_UNINITIALIZED("the start function index points to an uninitialized function"),
  /** Backpressure counter overflow. */
  BACKPRESSURE_OVERFLOW("backpressure counter overflow"),
  /** Unsupported callback code. */
  UNSUPPORTED_CALLBACK_CODE("unsupported callback code"),
  /** Cannot resume thread which is not suspended. */
  CANNOT_RESUME_THREAD("cannot resume thread which is not suspended"),
  /** Cannot have concurrent operations active on a future/stream. */
  CONCURRENT_FUTURE_STREAM_OP("cannot have concurrent operations active on a future/stream"),
  /** Reference count overflow. */
  REFERENCE_COUNT_OVERFLOW("reference count overflow"),
  /** Stream read/write count too large. */
  STREAM_OP_TOO_BIG("stream read/write count too large"),
  /** Waitable cannot be used synchronously while added to a waitable set. */
  WAITABLE_SYNC_AND_ASYNC("waitable cannot be used synchronously while added to a waitable set"),
  /** Uncaught exception propagated out of component. */
  UNCAUGHT_EXCEPTION("uncaught exception propagated out of component"),
  /** Cannot read from stream after being notified that the writable end dropped. */
  READ_FROM_DROPPED_STREAM(
      "cannot read from stream after being notified that the writable end dropped"),
  /** Cannot write to stream after being notified that the readable end dropped. */
  WRITE_TO_DROPPED_STREAM(
      "cannot write to stream after being notified that the readable end dropped"),
  /** Cannot write to future after previous write succeeded or readable end dropped. */
  WRITE_TO_DROPPED_FUTURE(
      "cannot write to future after previous write succeeded or readable end dropped"),
  /** Cannot lift stream after being notified that the writable end dropped. */
  LIFT_DROPPED_STREAM("cannot lift stream after being notified that the writable end dropped"),
  /** A reason that this library does not know. */
  UNKNOWN("unknown reason");

  private static final TrapCode[] CODES = values();

  private final String description;

  TrapCode(String description) {
    this.description = description;
  }

  /**
   * Returns the reason in the engine's words, for example {@code integer divide by zero}. Threads:
   * any.
   */
  public String description() {
    return description;
  }

  /**
   * Returns the reason for a number of the C API, {@link #UNKNOWN} where there is none. Threads:
   * any.
   *
   * @param rawCode any number
   */
  public static TrapCode of(int rawCode) {
    return rawCode >= 0 && rawCode < UNKNOWN.ordinal() ? CODES[rawCode] : UNKNOWN;
  }
}
