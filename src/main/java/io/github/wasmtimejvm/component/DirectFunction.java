package io.github.wasmtimejvm.component;

import static io.github.wasmtimejvm.internal.NativeMemory.getLong;
import static io.github.wasmtimejvm.internal.NativeMemory.putLong;

import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.binary.CoreValueType;
import io.github.wasmtimejvm.internal.Deadlines;
import io.github.wasmtimejvm.internal.Rethrow;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function that is called directly: the guest is asked for room for the arguments, they are
 * copied there, its core function is called, the result is read, and then the guest may free it.
 * Each of these is an entry of its own; all have the time of one call.
 *
 * <p>A call has a frame: what is kept of the call, the values of a core function, the result, and
 * the parameters as they lie in memory.
 */
final class DirectFunction extends GuestCall {
  // In the frame.
  private static final long FIRST_PART = 0; // of the call's in the writer
  private static final long ENCODING = 8; // before the call
  private static final long RETURNED = 16; // whether the guest has
  private static final long BITS = 24; // of the core function's result
  private static final long TIME_LEFT = 32; // for what the guest does when it has returned
  private static final long RESULT = 40; // as it lies in memory, if it is one core value
  private static final long CORE_FRAME = 48;

  private static final StringEncoding[] ENCODINGS = StringEncoding.values();

  private final DirectPlan.Function plan;
  private final CoreFunction function;
  private final @Nullable CoreFunction realloc;
  private final @Nullable CoreFunction postReturn;
  private final DirectMemory memory;
  private final CoreValues values;
  private final CoreValues resultValue;
  private final @Nullable Flattening flattening;
  private final long paramsAt;
  private final long size;

  DirectFunction(ComponentInstance instance, DirectInstance direct, DirectPlan.Function plan) {
    super(instance);
    this.plan = plan;
    this.function = core(plan.name(), plan.coreParams(), plan.coreResults());
    String reallocName = plan.realloc();
    this.realloc = reallocName == null ? null : instance.realloc(reallocName);
    String postName = plan.postReturn();
    this.postReturn = postName == null ? null : core(postName, plan.coreResults(), List.of());
    this.memory = direct.memory(plan.encoding(), plan.hasHandles());
    this.resultValue = new CoreValues(CoreValues.kinds(plan.coreResults()));
    this.values = new CoreValues(CoreValues.kinds(plan.coreParams()));
    this.flattening = plan.isSpilled() ? null : Flattening.of(plan.params());
    this.paramsAt = paramsAt(plan);
    this.size = paramsAt + plan.params().size();
  }

  private CoreFunction core(String name, List<CoreValueType> params, List<CoreValueType> results) {
    return new CoreFunction(instance.core(name), params.size(), results.size());
  }

  /** Where in a frame the parameters lie. */
  static long paramsAt(DirectPlan.Function plan) {
    return CORE_FRAME
        + CoreFunction.frameSize(
            Math.max(CoreFunction.REALLOC_PARAMETERS, plan.coreParams().size()));
  }

  DirectWriter writer() {
    return store.writer();
  }

  DirectMemory memory() {
    return memory;
  }

  @Override
  boolean isFlat() {
    return false;
  }

  // All zeroes.
  @Override
  long frame() {
    long frame = store.scratch().allocate(size);
    DirectWriter writer = store.writer();
    putLong(frame + FIRST_PART, writer.count());
    if (plan.isSpilled()) {
      writer.addPart(frame + paramsAt, plan.params().size(), plan.params().alignment(), 0);
    }
    putLong(frame + ENCODING, writer.setEncoding(plan.encoding()).ordinal());
    return frame;
  }

  /**
   * Calls the function.
   *
   * @throws IllegalStateException if what gave the arguments has spent the store's components
   */
  void invoke(long frame) {
    store.checkUsable();
    // What is lent stays so until the guest has returned; each entry would end it.
    Transfers.Batch held =
        store.transfers().isEmpty() ? null : store.transfers().take(store.depth());
    Throwable thrown = null;
    try {
      callInTime(frame);
    } catch (Throwable t) {
      thrown = t;
      // The guest has what it does not know of, where it was not entered again, as its time is up.
      if (held != null && store.writer().hasGiven((int) getLong(frame + FIRST_PART))) {
        state.spend(t);
      }
      throw t;
    } finally {
      if (held != null) {
        settle(held, thrown);
      }
    }
    memory.beginReading();
    long bits = getLong(frame + BITS);
    Layout result = plan.result();
    if (result != null) {
      if (plan.returnsPointer()) {
        memory.check(bits, result.size(), result.alignment(), "the result's address");
      } else {
        resultValue.begin(frame + BITS - Codec.OF);
        if (!result.unflatten(resultValue, frame + RESULT)) {
          throw memory.lie(
              "invalid discriminant of the guest's: " + Integer.toUnsignedString((int) bits));
        }
      }
    }
  }

  private void settle(Transfers.Batch held, @Nullable Throwable thrown) {
    try {
      held.settle(thrown == null || state.spentBy() != null);
    } catch (Throwable t) {
      throw Rethrow.unchecked(Transfers.first(thrown, t));
    }
  }

  private void callInTime(long frame) {
    Deadlines deadlines = state.deadlines();
    if (deadlines == null) {
      call(frame);
      return;
    }
    long before = deadlines.limitToTimeout();
    try {
      call(frame);
      putLong(frame + TIME_LEFT, deadlines.timeToLimit());
    } finally {
      deadlines.restoreLimit(before);
    }
  }

  private void call(long frame) {
    DirectWriter writer = store.writer();
    int first = (int) getLong(frame + FIRST_PART);
    long coreFrame = frame + CORE_FRAME;
    writer.giveHandles(instance, coreFrame, first);
    if (realloc != null) {
      writer.askForRoom(realloc, coreFrame, first);
    }
    writer.copyTo(memory, first);
    values.begin(coreFrame);
    if (flattening != null) {
      flattening.run(frame + paramsAt, values);
    } else if (plan.isSpilled()) {
      values.add(writer.place(first));
    } else {
      plan.params().flatten(frame + paramsAt, values);
    }
    long bits = function.call(store, coreFrame);
    putLong(frame + BITS, plan.returnsPointer() ? bits & 0xffff_ffffL : bits);
    putLong(frame + RETURNED, 1);
  }

  /** Returns the address of the result for its codec. */
  long result(long frame) {
    return plan.returnsPointer() ? getLong(frame + BITS) : DirectMemory.ofOurs(frame + RESULT);
  }

  /**
   * Ends a call, however it went.
   *
   * @param thrown what the call throws, {@code null} if it returns; what fails here is suppressed
   *     in it
   */
  void end(@Nullable Throwable thrown, long frame) {
    Transfers.Batch held = // each entry would end it
        store.transfers().isEmpty() ? null : store.transfers().take(store.depth());
    try {
      // A host function of the result's own may have had the guest trap meanwhile: the result
      // stays.
      if (postReturn != null && getLong(frame + RETURNED) != 0 && state.spentBy() == null) {
        if (thrown == null && !store.views().isEmpty()) {
          store.views().endLater(this, getLong(frame + BITS));
        } else {
          afterReturn(postReturn, frame);
        }
      }
      if (held != null) {
        held.settle(thrown == null);
      }
    } catch (Throwable failure) {
      throw Rethrow.unchecked(Transfers.first(thrown, failure));
    } finally {
      DirectWriter writer = store.writer();
      writer.truncate((int) getLong(frame + FIRST_PART));
      writer.setEncoding(ENCODINGS[(int) getLong(frame + ENCODING)]);
      store.end();
      state.leave();
    }
  }

  private void afterReturn(CoreFunction post, long frame) {
    Deadlines deadlines = state.deadlines();
    if (deadlines == null) {
      callPost(post, frame + CORE_FRAME, getLong(frame + BITS));
      return;
    }
    long before = deadlines.limitTo(getLong(frame + TIME_LEFT));
    try {
      callPost(post, frame + CORE_FRAME, getLong(frame + BITS));
    } finally {
      deadlines.restoreLimit(before);
    }
  }

  private void callPost(CoreFunction post, long coreFrame, long bits) {
    if (post.params() > 0) {
      resultValue.begin(coreFrame);
      resultValue.add(bits);
    }
    post.call(store, coreFrame);
  }

  /**
   * Has the guest free a result that was shown after its call.
   *
   * @param bits what the core function returned
   */
  void endLate(long bits) {
    CoreFunction post = Objects.requireNonNull(postReturn);
    store.begin(instance);
    try {
      callPost(post, store.scratch().reserve(CoreFunction.frameSize(1)), bits);
    } finally {
      store.end();
    }
  }
}
