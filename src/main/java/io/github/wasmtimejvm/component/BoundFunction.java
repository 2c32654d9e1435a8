package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.capi.WasmtimeComponentVal;
import io.github.wasmtimejvm.internal.Rethrow;
import io.github.wasmtimejvm.internal.Shim;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function of an instance, ready to be called. A call has a frame: its arguments, behind them its
 * result, each a {@code wasmtime_component_val_t}.
 */
final class BoundFunction extends GuestCall {
  private final long context;
  private final long func; // address of the wasmtime_component_func_t
  private final int params;
  private final int results;
  private final boolean isFlat;
  private final boolean deletesResult;
  private final DirectPlan.@Nullable Function plan;
  private @Nullable DirectFunction direct;
  private boolean decided; // whether calls are direct

  /**
   * @param func address of its {@code wasmtime_component_func_t}, which lives as long as the store
   * @param result the codec of its result, {@code null} if there is none
   * @param plan how it may be called directly, {@code null} if it may not
   */
  BoundFunction(
      ComponentInstance instance,
      long func,
      List<Codec> params,
      @Nullable Codec result,
      DirectPlan.@Nullable Function plan) {
    super(instance);
    this.plan = plan;
    this.context = state.context().address();
    this.func = func;
    this.params = params.size();
    this.results = result == null ? 0 : 1;
    this.deletesResult = result != null && !result.isFlat();
    this.isFlat = !deletesResult && params.stream().allMatch(Codec::isFlat);
  }

  /**
   * Whether it is called directly. The instance's memory is looked for when that is asked first.
   *
   * @throws WrongThreadException if the store is confined to another thread
   * @throws IllegalStateException if the store is closed
   */
  boolean isDirect() {
    if (!decided) {
      decide();
    }
    return direct != null;
  }

  private void decide() {
    DirectInstance memory = instance.direct();
    if (plan == null || memory == null) {
      decided = true;
      return;
    }
    try (var _ = state.enter()) {
      if (state.spentBy() == null) {
        direct = memory.isUsable() ? new DirectFunction(instance, memory, plan) : null;
        decided = true;
      }
    }
  }

  /** How it may be called directly, {@code null} if it may not. */
  DirectPlan.@Nullable Function plan() {
    return plan;
  }

  /** Returns how it is called directly, if it is. */
  DirectFunction direct() {
    return Objects.requireNonNull(direct);
  }

  ComponentStore store() {
    return store;
  }

  Space arguments() {
    return store.arguments();
  }

  @Override
  boolean isFlat() {
    return isFlat;
  }

  @Override
  long frame() {
    long size = (params + results) * Codec.SIZEOF;
    if (!isFlat) {
      return store.scratch().allocate(size);
    }
    long frame = store.scratch().reserve(size);
    if (results > 0) {
      Codec.setKind(result(frame), (byte) 0); // the engine deletes the value that is there
    }
    return frame;
  }

  /** Returns the address of the result. */
  long result(long frame) {
    return frame + params * Codec.SIZEOF;
  }

  /**
   * Calls the function.
   *
   * @throws IllegalStateException if what gave the arguments has spent the store's components
   */
  void invoke(long frame) {
    store.checkUsable();
    store.scratch().checkCopy();
    store.enter(Shim.COMPONENT_CALL, 6, func, context, frame, params, result(frame), results);
  }

  /**
   * Ends a call, however it went.
   *
   * @param thrown what the call throws, {@code null} if it returns; what fails here is suppressed
   *     in it
   */
  void end(@Nullable Throwable thrown, long frame) {
    try {
      if (deletesResult) {
        WasmtimeComponentVal.wasmtime_component_val_delete(MemorySegment.ofAddress(result(frame)));
      }
      if (!store.transfers().isEmpty()) {
        store.transfers().take(store.depth()).settle(thrown == null);
      }
    } catch (Throwable failure) {
      throw Rethrow.unchecked(Transfers.first(thrown, failure));
    } finally {
      store.end();
      state.leave();
    }
  }
}
