package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.binary.CanonicalOptions.StringEncoding;
import io.github.wasmtimejvm.internal.HostCalls;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Java method as guests call it whose memory Java reads and writes itself: what the guest passes
 * are core values.
 */
final class DirectTarget implements HostCalls.Target {
  /** How a result is stored. */
  interface Storing {
    /** See {@link Codec#store}. */
    void store(@Nullable Object value, long at, DirectWriter out);
  }

  private final HostObject object;
  private final MethodHandle method; // (implementation, arguments) -> result
  private final Codec[] params;
  private final @Nullable Storing result;
  private final @Nullable ResultCodec err;
  private final DirectImports.HostFunction plan;
  private final byte[] kinds;
  private final byte[] resultKinds;

  /**
   * @param object whose method is called
   * @param method (implementation, parameters) -> result
   * @param params the codecs of the parameters
   * @param result stores the result, {@code null} if the function has none
   * @param err the result's own codec if {@link ErrException}s of the method are its errors, else
   *     {@code null}
   */
  DirectTarget(
      HostObject object,
      MethodHandle method,
      List<Codec> params,
      @Nullable Storing result,
      @Nullable ResultCodec err,
      DirectImports.HostFunction plan) {
    this.object = object;
    this.method =
        method
            .asType(method.type().generic())
            .asSpreader(Object[].class, params.size())
            .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
    this.params = params.toArray(Codec[]::new);
    this.result = result;
    this.err = err;
    this.plan = plan;
    this.kinds = CoreValues.kinds(plan.coreParams());
    this.resultKinds = CoreValues.kinds(plan.coreResults());
  }

  @Override
  public void call(long slot, long caller, long args, long results) throws Throwable {
    ComponentStore store = ComponentStore.at(slot);
    ComponentInstance instance = store.depth() == 0 ? null : store.callee();
    DirectInstance direct = instance == null ? null : instance.direct();
    if (instance == null || direct == null || !direct.isUsable()) {
      throw new AssertionError("a guest whose memory is not known calls the host");
    }
    DirectMemory memory = direct.memory(plan.encoding(), false);
    DirectWriter writer = store.writer();
    int first = writer.count();
    StringEncoding before = writer.encoding();
    store.begin(null); // there is stack enough, or the guest could not have called
    try {
      writer.setEncoding(plan.encoding());
      CoreValues values = new CoreValues(kinds);
      values.begin(args);
      @Nullable Object[] arguments = arguments(store, memory, values);
      Layout layout = plan.result();
      long place = plan.takesPointer() ? place(memory, values.next()) : 0;
      long image = layout == null ? 0 : store.scratch().allocate(layout.size());
      answer(object.in(store), arguments, image, writer);
      if (layout != null) {
        give(instance, memory, first);
        if (plan.takesPointer()) {
          memory.copyFrom(image, place, layout.size());
        } else {
          CoreValues out = new CoreValues(resultKinds);
          out.begin(results);
          layout.flatten(image, out);
        }
      }
    } finally {
      writer.setEncoding(before);
      writer.truncate(first);
      store.endOfJava();
    }
  }

  // Where the parameters are is said by the guest, or they are put together from its core values.
  private @Nullable Object[] arguments(
      ComponentStore store, DirectMemory memory, CoreValues values) {
    memory.beginReading();
    Layout.Fields layout = plan.params();
    long at;
    if (plan.isSpilled()) {
      at =
          memory.check(
              values.next() & 0xffff_ffffL, layout.size(), layout.alignment(), "the arguments");
    } else {
      long image = store.scratch().reserve(layout.size());
      if (!layout.unflatten(values, image)) {
        throw memory.lie("invalid discriminant in the arguments of the guest's");
      }
      at = DirectMemory.ofOurs(image);
    }
    @Nullable Object[] arguments = new Object[params.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = params[i].load(at + layout.offset(i), memory);
    }
    return arguments;
  }

  private long place(DirectMemory memory, long pointer) {
    Layout layout = plan.result();
    assert layout != null;
    return memory.check(
        pointer & 0xffff_ffffL, layout.size(), layout.alignment(), "the place of the result");
  }

  private void answer(
      Object implementation, @Nullable Object[] arguments, long image, DirectWriter writer)
      throws Throwable {
    Object value;
    try {
      value = (Object) method.invokeExact(implementation, arguments);
    } catch (ErrException e) {
      if (err == null) {
        throw e;
      }
      try {
        err.store(false, e.error(), image, writer);
      } catch (MisfitException misfit) {
        misfit.addSuppressed(e);
        throw misfit.of("the result");
      }
      return;
    }
    try {
      if (result != null) {
        result.store(value, image, writer);
      } else if (value != null) {
        throw new MisfitException("the function has no result, got " + value.getClass().getName());
      }
    } catch (MisfitException misfit) {
      throw misfit.of("the result");
    }
  }

  // Asks the guest for room for the parts of the result, and puts them there.
  private void give(ComponentInstance instance, DirectMemory memory, int first) {
    ComponentStore store = instance.componentStore();
    DirectWriter writer = store.writer();
    int parts = writer.count();
    if (parts == first) {
      return;
    }
    CoreFunction realloc = instance.realloc(Objects.requireNonNull(plan.realloc()));
    store.begin(instance); // who may call the host meanwhile
    try {
      long frame = store.scratch().reserve(CoreFunction.frameSize(realloc.params()));
      writer.askForRoom(realloc, frame, first);
    } finally {
      store.end();
    }
    writer.copyTo(memory, first);
  }
}
