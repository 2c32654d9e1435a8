package io.github.wasmtimejvm;

import java.util.Objects;

/**
 * The type of an exception tag: {@code wasm_tagtype_t} in C.
 *
 * @param payload a function type whose parameters are what the exception carries
 */
public record TagType(FuncType payload) implements ExternType {
  /** Creates a tag type. Threads: any. */
  public TagType {
    Objects.requireNonNull(payload, "payload");
  }

  /** Returns a description, for example {@code (tag (i32) -> ())}. Threads: any. */
  @Override
  public String toString() {
    return "(tag " + payload + ")";
  }
}
