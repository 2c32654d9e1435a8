package io.github.wasmtimejvm.binary;

import java.util.ArrayList;
import java.util.List;

/**
 * Where an imported item comes from.
 *
 * @param name the name of the import
 * @param exports which export of the imported instance it is, which export of that, and so on
 */
public record ImportPath(String name, List<String> exports) {
  static ImportPath of(String name) {
    return new ImportPath(name, List.of());
  }

  ImportPath then(String export) {
    List<String> longer = new ArrayList<>(exports);
    longer.add(export);
    return new ImportPath(name, List.copyOf(longer));
  }
}
