package io.github.wasmtimejvm.binary;

/** The type of a value of the component model. */
public sealed interface ComponentValueType extends ComponentTypeDefinition
    permits PrimitiveType, DefinedType, NamedType {}
