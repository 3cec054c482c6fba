/** Builds and runs ONNX graphs; the only package that sees ONNX Runtime. */
@NullMarked
package dev.leasehold.runner.onnx;

import org.jspecify.annotations.NullMarked;
