package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.internal.StoreState;

/** How a function of an instance is called: by the engine's values, or directly. */
abstract sealed class GuestCall permits BoundFunction, DirectFunction {
  final ComponentInstance instance;
  final ComponentStore store;
  final StoreState state;

  GuestCall(ComponentInstance instance) {
    this.instance = instance;
    this.store = instance.componentStore();
    this.state = store.state();
  }

  /**
   * Begins a call; its end follows.
   *
   * @return the address of the frame, zeroed as far as codecs need it
   * @throws StackOverflowError if the stack is too short for the call: what is noted of a call is
   *     taken back as a whole, or not noted
   * @throws WrongThreadException if the store is confined to another thread
   * @throws IllegalStateException if the store is closed, or its components cannot be used any more
   */
  final long begin() {
    if (!isFlat() && Shim.room() < Shim.MARGIN / 2) {
      throw new StackOverflowError("too little stack to call a component");
    }
    state.enter();
    boolean inCall = false;
    boolean complete = false;
    try {
      store.checkUsable();
      store.begin(instance);
      inCall = true;
      long frame = frame();
      complete = true;
      return frame;
    } finally {
      if (!complete) {
        if (inCall) {
          store.end();
        }
        state.leave();
      }
    }
  }

  /** Whether all of a call's values have no parts outside of its frame. */
  abstract boolean isFlat();

  /** Makes the frame of the call that has begun. */
  abstract long frame();
}
