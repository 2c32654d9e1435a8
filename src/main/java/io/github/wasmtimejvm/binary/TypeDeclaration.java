package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * An import or export of an instance's or a component's type.
 *
 * @param name the name
 * @param sort the kind of item
 * @param type the type of the item; for {@link ComponentSort#TYPE} the type itself, under its name;
 *     {@code null} for a core module
 * @param moduleType the type of a core module, {@code null} for all else
 */
public record TypeDeclaration(
    ExternName name,
    ComponentSort sort,
    @Nullable ComponentTypeDefinition type,
    @Nullable CoreModuleType moduleType) {}
