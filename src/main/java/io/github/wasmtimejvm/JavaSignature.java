package io.github.wasmtimejvm;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Java side of a function's type: the parameters and the result of an interface's method.
 *
 * @param params classes of the parameters, without a leading {@link Caller}
 * @param result class of the result, which may stand for several
 * @param withCaller whether a {@link Caller} comes first
 */
record JavaSignature(List<Class<?>> params, Class<?> result, boolean withCaller) {
  // A Java method has 255, of which its handle and our targets take some.
  private static final int MOST_SLOTS = 250;

  // Generated code takes the store's state and three addresses besides.
  private static final int MOST_UNBOXED_SLOTS = 247;

  /**
   * @throws IllegalArgumentException if there are more parameters or components than a method
   *     handle takes, or a {@code Caller} that is not the first parameter
   */
  JavaSignature {
    params = List.copyOf(params);
    checkSlots(params, "parameters");
    if (params.contains(Caller.class)) {
      throw new IllegalArgumentException("a Caller can only be the first parameter");
    }
    if (isRecord(result)) {
      checkSlots(components(result), "components");
    }
  }

  private static int slots(List<Class<?>> types) {
    int slots = 0;
    for (Class<?> type : types) {
      slots += type == long.class || type == double.class ? 2 : 1;
    }
    return slots;
  }

  private static void checkSlots(List<Class<?>> types, String what) {
    int slots = slots(types);
    if (slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "%s %s in %s slots are too many for a Java method, at most %s can be used: use Func.call"
                  .formatted(types.size(), what, slots, MOST_SLOTS)
              + " or a HostFunction");
    }
  }

  static JavaSignature of(Method method) {
    List<Class<?>> params = List.of(method.getParameterTypes());
    boolean withCaller = !params.isEmpty() && params.getFirst() == Caller.class;
    return new JavaSignature(
        withCaller ? params.subList(1, params.size()) : params, method.getReturnType(), withCaller);
  }

  /** Whether the result is a record with a component for each of several results. */
  boolean hasRecord() {
    return isRecord(result);
  }

  private static boolean isRecord(Class<?> result) {
    return result.isRecord() && result != V128.class && result != I31.class;
  }

  /** Whether the result is an array of several results. */
  boolean hasArray() {
    return result == Object[].class || elementType() != null;
  }

  private @Nullable NumType elementType() {
    if (!result.isArray() || !(JavaTypes.valType(result.componentType()) instanceof NumType type)) {
      return null;
    }
    return result.componentType().isPrimitive() ? type : null;
  }

  /** The classes of the record's components. */
  List<Class<?>> components() {
    return components(result);
  }

  private static List<Class<?>> components(Class<?> result) {
    return Arrays.stream(result.getRecordComponents())
        .<Class<?>>map(RecordComponent::getType)
        .toList();
  }

  /** Whether all values are numbers and vectors, and not too many, so that none is boxed. */
  boolean isUnboxed() {
    if (slots(params) > MOST_UNBOXED_SLOTS) {
      return false;
    }
    Stream<Class<?>> results =
        result == void.class
            ? Stream.of()
            : hasRecord() ? components().stream() : Stream.of(result);
    return Stream.concat(params.stream(), results)
        .allMatch(type -> type.isPrimitive() || type == V128.class);
  }

  /**
   * Returns the type that a host function of this signature has, every reference nullable.
   *
   * @throws IllegalArgumentException if it cannot be told
   */
  FuncType type() {
    return new FuncType(
        params.stream().map(this::valType).toList(),
        results().stream().map(this::valType).toList());
  }

  private ValType valType(Class<?> type) {
    ValType val = JavaTypes.valType(type);
    if (val == null) {
      throw new IllegalArgumentException(
          "%s in %s stands for no type of values".formatted(type.getTypeName(), this));
    }
    return val;
  }

  private List<Class<?>> results() {
    if (result == void.class) {
      return List.of();
    }
    if (hasRecord()) {
      return components();
    }
    if (hasArray()) {
      throw new IllegalArgumentException(
          "how many results %s has cannot be told: give its FuncType".formatted(this));
    }
    return List.of(result);
  }

  /**
   * Throws unless values of the type can be passed by this signature.
   *
   * @param what what has the type, for the message
   * @param method what has this signature, for the message
   * @throws IllegalArgumentException that says both signatures
   */
  void check(FuncType type, String what, String method) {
    if (!fit(params, type.params()) || !fitResults(type.results())) {
      throw new IllegalArgumentException(
          "%s has the type %s, %s has the signature %s".formatted(what, type, method, this));
    }
  }

  private boolean fitResults(List<ValType> types) {
    NumType element = elementType();
    if (element != null) {
      return types.stream().allMatch(element::equals);
    }
    if (result == Object[].class) {
      return true;
    }
    return fit(
        result == void.class ? List.of() : hasRecord() ? components() : List.of(result), types);
  }

  private static boolean fit(List<Class<?>> classes, List<ValType> types) {
    if (classes.size() != types.size()) {
      return false;
    }
    for (int i = 0; i < classes.size(); i++) {
      if (!fits(classes.get(i), types.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(Class<?> type, ValType val) {
    ValType own = JavaTypes.valType(type);
    if (own instanceof RefType(_, HeapType heap) && val instanceof RefType(_, HeapType other)) {
      // Whether a value really fits is seen when it is passed.
      return heap.top() == other.top();
    }
    return val.equals(own);
  }

  /** The type of a method with this signature, as the class file has it. */
  MethodType methodType() {
    List<Class<?>> all = new ArrayList<>(params);
    if (withCaller) {
      all.addFirst(Caller.class);
    }
    return MethodType.methodType(result, all);
  }

  @Override
  public String toString() {
    return params.stream().map(Class::getTypeName).collect(Collectors.joining(", ", "(", ")"))
        + " -> "
        + result.getTypeName();
  }
}
