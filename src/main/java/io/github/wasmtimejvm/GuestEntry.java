package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Events;
import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;
import java.util.List;

/** The entries into a guest, each within a use of its store. */
final class GuestEntry {
  private GuestEntry() {}

  /**
   * Calls a function, unchecked: {@code wasmtime_func_call_unchecked}.
   *
   * @param plain whether nothing is to prepare, from {@link StoreState#enterForCall}
   * @param struct the store's struct
   * @param func address of the {@code wasmtime_func_t}
   * @param values address of the arguments, overwritten by the results
   * @param n how many values there is room for
   */
  static void call(StoreState state, boolean plain, long struct, long func, long values, int n) {
    if (!plain || Events.isRecording()) {
      callCarefully(state, struct, func, values, n);
      return;
    }
    int status = Shim.call(struct, func, values, n);
    if (status != Shim.OK) {
      throw Outcome.exception(state, status);
    }
  }

  private static void callCarefully(StoreState state, long struct, long func, long values, int n) {
    Object event = Events.beginCall();
    long before = state.deadline();
    int status;
    try {
      begin(state);
      status = Shim.call(struct, func, values, n);
    } finally {
      state.endGuest(before);
      Events.endCall(event);
    }
    if (status != Shim.OK) {
      throw Outcome.exception(state, status);
    }
  }

  /**
   * Calls a C function that may run guest code, all of whose arguments are pointers or sizes.
   *
   * @param function a constant of {@link Shim}
   * @param args four to seven
   */
  static void enter(StoreState state, long function, long... args) {
    Object event = function == Shim.FUNC_CALL ? Events.beginCall() : null;
    long before = state.deadline();
    int status;
    try {
      begin(state);
      status =
          Shim.enter(
              state.address(),
              function,
              args.length,
              args[0],
              args[1],
              args[2],
              args[3],
              args.length < 5 ? 0 : args[4],
              args.length < 6 ? 0 : args[5],
              args.length < 7 ? 0 : args[6]);
    } finally {
      state.endGuest(before);
      Events.endCall(event);
    }
    if (status != Shim.OK) {
      throw Outcome.exception(state, status);
    }
  }

  /**
   * Calls a C function that may run a component of the store. Whatever ends it otherwise than by a
   * return spends all components of the store.
   *
   * @param function {@link Shim#COMPONENT_CALL} or another constant of {@link Shim}
   * @param argc how many of the arguments the function takes: 2, 4 or 6
   */
  static void component(
      StoreState state, long function, int argc, long a, long b, long c, long d, long e, long f) {
    Object event = null;
    boolean careful = !state.isPlain() || Events.isRecording();
    long before = careful ? state.deadline() : 0;
    int status;
    try {
      if (careful) {
        event = function == Shim.COMPONENT_CALL ? Events.beginCall() : null;
        begin(state);
      }
      status = Shim.enter(state.address(), function, argc, a, b, c, d, e, f, 0);
    } finally {
      if (careful) {
        state.endGuest(before);
        Events.endCall(event);
      }
    }
    if (status != Shim.OK) {
      throw componentFailure(state, status, function);
    }
  }

  private static RuntimeException componentFailure(StoreState state, int status, long function) {
    try {
      RuntimeException failure = Outcome.exception(state, status);
      // Where an instance finds no room, or nothing fits its imports, nothing of it has run.
      boolean ran =
          function != Shim.COMPONENT_INSTANTIATE
              || !(failure instanceof EngineException error && error.frames().isEmpty());
      if (status == Shim.FAILED && ran) {
        state.spend(failure);
      }
      return failure;
    } catch (Throwable thrown) { // by a host function
      if (status == Shim.FAILED) {
        state.spend(thrown);
      }
      throw thrown;
    }
  }

  private static void begin(StoreState state) {
    int refused = state.beginGuest();
    if (refused != 0) {
      throw Outcome.stopped(refused, List.of());
    }
  }
}
