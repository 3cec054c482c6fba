/** Hugging Face checkpoints: config.json and safetensors. */
@NullMarked
package dev.leasehold.runner.checkpoint;

import org.jspecify.annotations.NullMarked;
