package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.Store;
import org.jspecify.annotations.Nullable;

/** A guest's call of a function of WASI, as a {@link WasiFunction} that intercepts it sees it. */
public final class WasiCall {
  private final WasiStore state;
  private final String name;
  private final Caller caller;
  private final @Nullable Object[] args;
  private final int next;
  private @Nullable GuestMemory memory;

  /**
   * @param next which of the functions that intercept this name gets the call when it proceeds
   */
  WasiCall(WasiStore state, String name, Caller caller, @Nullable Object[] args, int next) {
    this.state = state;
    this.name = name;
    this.caller = caller;
    this.args = args;
    this.next = next;
  }

  /** Returns the function's name, for example {@code fd_write}. Threads: any. */
  public String name() {
    return name;
  }

  /** Returns the calling instance; of use until the function returns. Threads: any. */
  public Caller caller() {
    return caller;
  }

  /** Returns the store that the guest runs in. Threads: any. */
  public Store store() {
    return caller.store();
  }

  /**
   * Returns the guest's memory, its export {@code memory}, which pointers point into. Threads: the
   * guest's.
   *
   * @throws io.github.wasmtimejvm.EngineException if it exports none; a call that proceeds then
   *     fails, too
   */
  public GuestMemory memory() {
    GuestMemory known = memory;
    if (known == null) {
      known = GuestMemory.of(caller);
      memory = known;
    }
    return known;
  }

  /**
   * Returns an argument of type {@code i32}: a descriptor, a pointer, a size, flags. Most of them
   * are unsigned. Threads: the guest's.
   *
   * @param index its index, from 0
   * @throws IndexOutOfBoundsException if there is none
   * @throws ClassCastException if it is of type {@code i64}
   */
  public int intArg(int index) {
    return (int) arg(index);
  }

  /**
   * Returns an argument of type {@code i64}: an offset, a time, rights. Threads: the guest's.
   *
   * @param index its index, from 0
   * @throws IndexOutOfBoundsException if there is none
   * @throws ClassCastException if it is of type {@code i32}
   */
  public long longArg(int index) {
    return (long) arg(index);
  }

  @SuppressWarnings("NullAway")
  private Object arg(int index) {
    return args[index];
  }

  /** Calls another function as the guest would. */
  int ask(String function, Object... args) throws Throwable {
    return state.call(function, caller, args, 0);
  }

  /** Ends the guest as the engine does, for bytes that do not lie in its memory. */
  int refuse(int address, int count) throws Throwable {
    // The engine's own function, which refuses to fill those bytes; nothing intercepts this call.
    return state.call("random_get", caller, new Object[] {address, count}, Integer.MAX_VALUE);
  }

  /**
   * Passes the call on as it is: to the next function that intercepts it, after the last one to the
   * engine. Threads: the guest's.
   *
   * @return the error number
   * @throws Throwable what that throws
   */
  public int proceed() throws Throwable {
    return state.call(name, caller, args, next);
  }

  /**
   * Passes the call on with other arguments. Threads: the guest's.
   *
   * @param args all arguments, {@link Integer} and {@link Long} as the function's type has them
   * @return the error number
   * @throws Throwable what that throws
   */
  public int proceed(Object... args) throws Throwable {
    return state.call(name, caller, args.clone(), next);
  }
}
