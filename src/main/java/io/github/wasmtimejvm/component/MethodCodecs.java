package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.interfaces.HiddenClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How the parameters and the result of a Java method go with those of a function.
 *
 * @param names of the parameters, for messages
 * @param params the codecs of the parameters
 * @param types the classes of the method's parameters
 * @param resultType the class of the method's result
 * @param result the codec of the result, {@code null} if there is none
 * @param err the exception for errors; {@code null} if the method returns the result as it is
 */
record MethodCodecs(
    List<String> names,
    List<Codec> params,
    List<Class<?>> types,
    Class<?> resultType,
    @Nullable Codec result,
    @Nullable ErrType err) {
  private static final MethodHandle IS_DIRECT =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), BoundFunction.class, "isDirect", boolean.class);
  private static final MethodHandle IS_LONG =
      HiddenClass.findStatic(MethodHandles.lookup(), "isLong", boolean.class, String.class);
  private static final MethodHandle TO_DIRECT =
      HiddenClass.findVirtual(
          MethodHandles.lookup(), BoundFunction.class, "direct", DirectFunction.class);

  /**
   * Finds the codecs.
   *
   * @param params the parameters of the function, without the resource whose method it is
   * @throws MisfitException if the method does not fit
   */
  static MethodCodecs of(
      Method method,
      List<WitType.Field> params,
      @Nullable WitType result,
      TypedCodecs codecs,
      MethodHandles.Lookup lookup) {
    Type[] javaParams = method.getGenericParameterTypes();
    if (javaParams.length != params.size()) {
      throw new MisfitException(
          WitText.of(
              "the method has %s parameters, the function has ".formatted(javaParams.length),
              params,
              params.isEmpty() ? "none" : ""));
    }
    List<String> names = new ArrayList<>();
    List<Codec> found = new ArrayList<>();
    for (int i = 0; i < javaParams.length; i++) {
      String name = params.get(i).name();
      names.add(name);
      try {
        found.add(codecs.of(params.get(i).type(), javaParams[i]));
      } catch (MisfitException e) {
        throw e.within("parameter " + name);
      }
    }
    try {
      return result(method, names, found, result, codecs, lookup);
    } catch (MisfitException e) {
      throw e.within("the result");
    }
  }

  private static MethodCodecs result(
      Method method,
      List<String> names,
      List<Codec> params,
      @Nullable WitType result,
      TypedCodecs codecs,
      MethodHandles.Lookup lookup) {
    Type javaResult = method.getGenericReturnType();
    Class<?> type = method.getReturnType();
    List<Class<?>> types = List.of(method.getParameterTypes());
    if (result == null) {
      if (type != void.class) {
        throw new MisfitException("the function has none, the method returns " + type.getName());
      }
      return new MethodCodecs(names, params, types, type, null, null);
    }
    if (result instanceof WitType.ResultType outcome
        && type != Result.class
        && type != Object.class) {
      ErrType err = ErrType.of(method, lookup);
      if (err == null) {
        throw new MisfitException(
            "%s is a Result in Java, or the value of success where the method declares an ErrException"
                .formatted(result));
      }
      return new MethodCodecs(
          names,
          params,
          types,
          type,
          codecs.result(outcome, boxed(javaResult), err.errorType()),
          err);
    }
    return new MethodCodecs(names, params, types, type, codecs.of(result, javaResult), null);
  }

  private static Type boxed(Type type) {
    return type instanceof Class<?> known && known.isPrimitive() && known != void.class
        ? MethodType.methodType(known).wrap().returnType()
        : type;
  }

  /**
   * The code of calls of a guest's function: (function, parameters) -> result.
   *
   * @param plan how it is called directly where the instance allows, {@code null} if it is not
   */
  MethodHandle guestCall(DirectPlan.@Nullable Function plan) {
    return guestCall(plan, List.of(), List.of());
  }

  /**
   * The code of calls of a method of a guest's resource: (function, resource, parameters) ->
   * result.
   *
   * @param plan how it is called directly where the instance allows, {@code null} if it is not
   */
  MethodHandle resourceCall(Codec self, DirectPlan.@Nullable Function plan) {
    return guestCall(plan, List.of(self), List.of("self"));
  }

  private MethodHandle guestCall(
      DirectPlan.@Nullable Function plan, List<Codec> self, List<String> selfName) {
    List<String> all = new ArrayList<>(selfName);
    all.addAll(names);
    List<MethodHandle> lowerings = new ArrayList<>();
    List<MethodHandle> storings = new ArrayList<>();
    self.forEach(
        codec -> {
          lowerings.add(codec.lowering());
          storings.add(codec.storing());
        });
    for (int i = 0; i < params.size(); i++) {
      lowerings.add(params.get(i).lowering(types.get(i)));
      storings.add(params.get(i).storing(types.get(i)));
    }
    MethodHandle byValues =
        CallCode.VALUES.of(lowerings, offsets(lowerings.size()), all, lifting());
    if (plan == null) {
      return byValues;
    }
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < storings.size(); i++) {
      offsets.add(DirectFunction.paramsAt(plan) + plan.params().offset(i));
    }
    MethodHandle direct = CallCode.DIRECT.of(storings, offsets, all, loading());
    MethodHandle test =
        plan.onlyLongStrings() ? isDirectIfLong(byValues.type(), self.size()) : IS_DIRECT;
    return MethodHandles.guardWithTest(
        test, MethodHandles.filterArguments(direct, 0, TO_DIRECT), byValues);
  }

  // (function, parameters) -> whether one of the strings is long, and the function is direct
  private MethodHandle isDirectIfLong(MethodType call, int before) {
    MethodType type = call.changeReturnType(boolean.class);
    MethodHandle isDirect =
        MethodHandles.dropArguments(
            IS_DIRECT, 1, call.parameterList().subList(1, call.parameterCount()));
    MethodHandle test = MethodHandles.empty(type);
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i) == String.class) {
        MethodHandle isLong = MethodHandles.permuteArguments(IS_LONG, type, 1 + before + i);
        test = MethodHandles.guardWithTest(isLong, isDirect, test);
      }
    }
    return test;
  }

  private static boolean isLong(@Nullable String text) {
    return text != null && text.length() >= CallCost.LONG_STRING;
  }

  // Of values in a frame of the engine's values.
  private static List<Long> offsets(int count) {
    return LongStream.range(0, count).map(i -> i * Codec.SIZEOF).boxed().toList();
  }

  private @Nullable MethodHandle loading() {
    if (result == null) {
      return null;
    }
    return err == null
        ? result.loading().asType(MethodType.methodType(resultType, long.class, DirectMemory.class))
        : err.loading((ResultCodec) result, resultType);
  }

  private @Nullable MethodHandle lifting() {
    if (result == null) {
      return null;
    }
    return err == null
        ? result
            .lifting()
            .asType(MethodType.methodType(resultType, long.class, ComponentStore.class))
        : err.lifting((ResultCodec) result, resultType);
  }

  /** How the parameters of a method of the host's are lifted. */
  List<MethodHandle> liftings() {
    List<MethodHandle> liftings = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      liftings.add(
          params
              .get(i)
              .lifting()
              .asType(MethodType.methodType(types.get(i), long.class, ComponentStore.class)));
    }
    return liftings;
  }

  /** How the result of a method of the host's is lowered; {@code null} if there is none. */
  @Nullable MethodHandle hostResult() {
    if (result == null) {
      return null;
    }
    return err == null
        ? result.lowering(resultType)
        : ErrType.lowering((ResultCodec) result, resultType);
  }

  /** How the result of a method of the host's is stored; {@code null} if there is none. */
  DirectTarget.@Nullable Storing storing() {
    if (result == null) {
      return null;
    }
    ResultCodec outcome = errCodec();
    return outcome == null
        ? result::store
        : (value, at, out) -> outcome.store(true, value, at, out);
  }

  /** The codec of the result if the method throws its errors, else {@code null}. */
  @Nullable ResultCodec errCodec() {
    return err == null ? null : (ResultCodec) result;
  }
}
