package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.internal.NativeMemory;
import io.github.wasmtimejvm.internal.NativeVector;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScratchTest {
  private record Part(long at, long size, byte content) {}

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final List<Part> parts = new ArrayList<>();
  private byte content;

  private Scratch create() {
    return new Scratch(Access.get().state(fixture.newStore()));
  }

  private void add(Scratch scratch, long size) {
    long at = scratch.allocate(size);
    MemorySegment memory = NativeVector.sized(MemorySegment.ofAddress(at), size);
    assertThat(at % 16).isZero();
    for (long i = 0; i < size; i++) {
      assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).isZero();
    }
    memory.fill(++content);
    parts.add(new Part(at, size, content));
  }

  private void assertContents() {
    for (Part part : parts) {
      for (long i = 0; i < part.size; i++) {
        assertThat(NativeMemory.getByte(part.at + i)).isEqualTo(part.content);
      }
    }
  }

  // Each call is given parts of all sizes, and makes another one in their midst.
  private void call(Scratch scratch, int depth) {
    int before = parts.size();
    scratch.begin();
    for (int size = 1; size < 100_000; size *= 7) {
      add(scratch, size);
    }
    if (depth > 0) {
      call(scratch, depth - 1);
      assertContents();
      call(scratch, depth - 1);
    }
    for (int i = 0; i < 50; i++) {
      add(scratch, 100 + i);
    }
    assertContents();
    scratch.end();
    parts.subList(before, parts.size()).clear();
  }

  @Test
  void whatACallIsGivenIsItsOwnUntilItEnds() {
    Scratch scratch = create();
    for (int i = 0; i < 2; i++) {
      call(scratch, 3);
    }
  }

  @Test
  void callsReuseWhatStays() {
    Scratch scratch = create();
    scratch.begin();
    long first = scratch.allocate(100);
    scratch.allocate(100_000);
    scratch.allocate(10_000);
    scratch.end();
    scratch.begin();
    assertThat(scratch.allocate(100)).isEqualTo(first);
    scratch.end();
  }
}
