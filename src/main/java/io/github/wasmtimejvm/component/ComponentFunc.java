package io.github.wasmtimejvm.component;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function that an instance exports, without Java types of its own: {@code
 * wasmtime_component_func_t} in C. For tools; programs bind an interface by {@link
 * ComponentInstance#as(Class)}.
 */
public final class ComponentFunc {
  private final CallPath planned;
  private final WitItem.Function type;
  private final BoundFunction function;
  private final Codec[] params;
  private final @Nullable Codec result;

  /**
   * @param planned how it is called if its instance is as expected
   */
  ComponentFunc(
      ComponentInstance instance, WitItem.Function type, BoundFunction function, CallPath planned) {
    this.planned = planned;
    this.type = type;
    this.function = function;
    this.params =
        type.params().stream()
            .map(param -> instance.bindings().dynamic(param.type()))
            .toArray(Codec[]::new);
    this.result = type.result() == null ? null : instance.bindings().dynamic(type.result());
  }

  /** Returns its type: {@code wasmtime_component_func_type}. Threads: any. */
  public WitItem.Function type() {
    return type;
  }

  /**
   * Returns how the values of its calls are passed, in this instance. Threads: the store's.
   *
   * @throws IllegalStateException if the store is closed
   */
  public CallPath path() {
    return !planned.isDirect() || function.isDirect()
        ? planned
        : new CallPath(false, "the memory of this instance was not found");
  }

  /**
   * Calls the function: {@code wasmtime_component_func_call}.
   *
   * <p>Values are as {@link ComponentInstance#as(Class)} says, as objects: an {@link Integer} for
   * an u8. A list of numbers is an array. A record is a {@link java.util.Map} by the names of its
   * fields, a tuple a {@link List}, a variant a {@link WitVariant}, an enum its name, flags a
   * {@link java.util.Set} of names, a guest's resource a {@link GuestResource}. Threads: the
   * store's.
   *
   * @param args the arguments
   * @return the result, {@code null} if there is none
   * @throws IllegalArgumentException if an argument does not fit; nothing has happened then
   * @throws IllegalStateException if the components of the store cannot be used any more
   * @throws io.github.wasmtimejvm.TrapException if the guest traps
   * @throws io.github.wasmtimejvm.EngineException if the guest's result or its use of handles
   *     breaks the rules of components
   * @throws io.github.wasmtimejvm.ExitException if the guest exits
   * @throws io.github.wasmtimejvm.StoppedException if the guest is stopped from outside
   */
  public @Nullable Object call(@Nullable Object... args) {
    if (args.length != params.length) {
      throw new IllegalArgumentException(
          "expected %s arguments, got %s".formatted(params.length, args.length));
    }
    return isWorthIt(args) && function.isDirect()
        ? callDirectly(function.direct(), args)
        : callByValues(args);
  }

  private boolean isWorthIt(@Nullable Object[] args) {
    DirectPlan.Function plan = function.plan();
    return plan == null
        || !plan.onlyLongStrings()
        || Arrays.stream(args)
            .anyMatch(arg -> arg instanceof String text && text.length() >= CallCost.LONG_STRING);
  }

  private @Nullable Object callDirectly(DirectFunction direct, @Nullable Object[] args) {
    DirectPlan.Function plan = Objects.requireNonNull(function.plan());
    long frame = direct.begin();
    Throwable thrown = null;
    try {
      for (int i = 0; i < params.length; i++) {
        try {
          params[i].store(
              args[i],
              frame + DirectFunction.paramsAt(plan) + plan.params().offset(i),
              direct.writer());
        } catch (MisfitException e) {
          throw e.of("parameter " + type.params().get(i).name());
        }
      }
      direct.invoke(frame);
      return result == null ? null : result.load(direct.result(frame), direct.memory());
    } catch (Throwable t) {
      thrown = t;
      throw t;
    } finally {
      direct.end(thrown, frame);
    }
  }

  private @Nullable Object callByValues(@Nullable Object[] args) {
    long frame = function.begin();
    Throwable thrown = null;
    try {
      for (int i = 0; i < params.length; i++) {
        try {
          params[i].lower(args[i], frame + i * Codec.SIZEOF, function.arguments());
        } catch (MisfitException e) {
          throw e.of("parameter " + type.params().get(i).name());
        }
      }
      function.invoke(frame);
      return result == null
          ? null
          : result.lift(frame + params.length * Codec.SIZEOF, function.store());
    } catch (Throwable t) {
      thrown = t;
      throw t;
    } finally {
      function.end(thrown, frame);
    }
  }
}
