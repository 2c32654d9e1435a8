package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * The type of a core module. The core types themselves are checked and not kept. Two of them are
 * equal if they are the same one.
 */
public final class CoreModuleType {
  private final List<Declaration> imports;
  private final List<Declaration> exports;

  CoreModuleType(List<Declaration> imports, List<Declaration> exports) {
    this.imports = imports;
    this.exports = exports;
  }

  /** Returns what the module imports. */
  public List<Declaration> imports() {
    return imports;
  }

  /** Returns what the module exports; the first name of such a declaration is empty. */
  public List<Declaration> exports() {
    return exports;
  }

  /**
   * An import or export.
   *
   * @param module the first name of an import
   * @param name the name
   * @param sort the kind of item
   */
  public record Declaration(String module, String name, CoreSort sort) {}
}
