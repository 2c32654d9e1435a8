package io.github.wasmtimejvm.binary;

import java.util.List;

/**
 * The type of a core module. The core types themselves are checked and not kept.
 *
 * @param imports what the module imports
 * @param exports what the module exports; the module of such a declaration is empty
 */
public record CoreModuleType(List<Declaration> imports, List<Declaration> exports) {
  /**
   * An import or export.
   *
   * @param module the first name of an import
   * @param name the name
   * @param sort the kind of item
   */
  public record Declaration(String module, String name, CoreSort sort) {}
}
