package io.github.wasmtimejvm.binary;

import java.util.Arrays;
import java.util.Objects;

/** A list of numbers that grows. */
public final class IntList {
  private int[] numbers = new int[16];
  private int size;

  public void add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  void addAll(int first, int second, int third) {
    add(first);
    add(second);
    add(third);
  }

  int get(int index) {
    return numbers[Objects.checkIndex(index, size)];
  }

  /** Keeps only the first {@code first} numbers. */
  void truncate(int first) {
    size = first;
  }

  int size() {
    return size;
  }

  public int[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
