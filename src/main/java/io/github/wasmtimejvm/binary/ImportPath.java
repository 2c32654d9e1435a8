package io.github.wasmtimejvm.binary;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an imported item comes from. The paths of an instance's exports share its own. */
public final class ImportPath {
  private final @Nullable ImportPath instance;
  private final String last;

  private ImportPath(@Nullable ImportPath instance, String last) {
    this.instance = instance;
    this.last = last;
  }

  static ImportPath of(String name, String... exports) {
    ImportPath path = new ImportPath(null, name);
    for (String export : exports) {
      path = path.then(export);
    }
    return path;
  }

  ImportPath then(String export) {
    return new ImportPath(this, export);
  }

  private Deque<String> names() {
    Deque<String> names = new ArrayDeque<>();
    for (ImportPath path = this; path != null; path = path.instance) {
      names.addFirst(path.last);
    }
    return names;
  }

  /** Returns the name of the import. */
  public String name() {
    return names().getFirst();
  }

  /** Returns which export of the imported instance it is, which export of that, and so on. */
  public List<String> exports() {
    return names().stream().skip(1).toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImportPath path
        && Arrays.equals(names().toArray(), path.names().toArray());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(names().toArray());
  }

  @Override
  public String toString() {
    return String.join(" ", names());
  }
}
