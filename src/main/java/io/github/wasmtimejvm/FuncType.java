package io.github.wasmtimejvm;

import io.github.wasmtimejvm.declarations.EncodedTypes;
import io.github.wasmtimejvm.internal.TypeText;
import java.util.List;

/**
 * The type of a function: {@code wasm_functype_t} in C.
 *
 * @param params types of the parameters
 * @param results types of the results
 */
public record FuncType(List<ValType> params, List<ValType> results) implements ExternType {
  /** Creates a function type from copies of the lists. Threads: any. */
  public FuncType {
    params = copy(params);
    results = copy(results);
  }

  private static List<ValType> copy(List<ValType> types) {
    return types instanceof EncodedTypes ? types : List.copyOf(types);
  }

  /**
   * Returns the type of a function without results, to which {@link #returns} adds them. Threads:
   * any.
   *
   * @param params types of the parameters
   */
  public static FuncType of(ValType... params) {
    return new FuncType(List.of(params), List.of());
  }

  /**
   * Returns a type with the same parameters and these results. Threads: any.
   *
   * @param results types of the results
   */
  public FuncType returns(ValType... results) {
    return new FuncType(params, List.of(results));
  }

  /**
   * Returns a description, for example {@code (i32, i32) -> (i64)}, which is no text format. Very
   * long ones are cut off: a short module can declare one of many megabytes. Threads: any.
   */
  @Override
  public String toString() {
    return list(params) + " -> " + list(results);
  }

  private static String list(List<ValType> types) {
    return "(" + TypeText.list(types, ", ", ValType::toString) + ")";
  }
}
