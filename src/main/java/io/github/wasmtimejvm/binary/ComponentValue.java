package io.github.wasmtimejvm.binary;

/**
 * A value that a component is given when it is instantiated, or that its start function returns.
 *
 * @param type the type of the value
 */
public record ComponentValue(ComponentValueType type) implements ComponentItem {
  @Override
  public ComponentSort sort() {
    return ComponentSort.VALUE;
  }
}
