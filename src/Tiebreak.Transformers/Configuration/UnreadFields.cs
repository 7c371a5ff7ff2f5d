using System.Collections.Frozen;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Configuration;

/// <summary>
/// Fields of a configuration that the model's family does not look at, and that are not known to be without effect: the published model may
/// compute something that this program does not.
/// </summary>
internal static class UnreadFields
{
    private const string TextPart = "text_config";

    // Without effect on what is computed, in every family that does not read them.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,

        // Where the file is from, and how other programs open it.
        "transformers_version", "name_or_path", "auto_map", "torch_dtype", "dtype", "license", "model_name", "finetuning_task",
        "task_specific_params", "attn_implementation", "torchscript", "return_dict", "output_attentions", "output_hidden_states",
        "output_past", "output_router_logits", "use_cache", "cache_implementation", "quantization_config", "reference_compile",
        "deterministic_flash_attn", "repad_logits_with_grad", "pretraining_tp", "chunk_size_feed_forward", "unsloth_fixed",
        "unsloth_version", "transformers.js_config",

        // Tokens and labels, which tokenizers and readings know.
        "pad_token_id", "bos_token_id", "eos_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "unk_token_id",
        "decoder_start_token_id", "reward_token_id", "tokenizer_class", "model_max_length", "tokenizer_model_max_length",
        "tokenizer_padding_side", "id2label", "label2id", "num_labels", "problem_type",

        // Training.
        "initializer_range", "initializer_factor", "initializer_cutoff_factor", "gradient_checkpointing", "neftune_noise_alpha",
        "router_aux_loss_coef", "router_jitter_noise", "attention_dropout", "attention_probs_dropout_prob", "hidden_dropout",
        "hidden_dropout_prob", "dropout", "embd_pdrop", "resid_pdrop", "embedding_dropout", "mlp_dropout", "classifier_dropout",
        "cls_dropout", "pooler_dropout", "qa_dropout", "seq_classif_dropout", "sparse_prediction", "sparse_pred_ignore_index",

        // How text is generated.
        "max_length", "min_length", "do_sample", "temperature", "top_k", "top_p", "num_beams", "repetition_penalty", "length_penalty",
        "no_repeat_ngram_size", "early_stopping", "max_new_tokens",

        // Other heads.
        "summary_type", "summary_use_proj", "summary_activation", "summary_last_dropout", "summary_first_dropout",
        "summary_proj_to_labels", "pooler_hidden_act", "pooler_hidden_size", "classifier_activation", "classifier_bias", "decoder_bias",
        "legacy", "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head",
        "pooler_type", "final_logit_softcapping", "logit_scale", "logits_scaling",

        // Pictures.
        "vision_config", TextPart, "image_token_index", "image_token_id", "boi_token_index", "boi_token_id", "eoi_token_index",
        "eoi_token_id", "mm_tokens_per_image", "projector_hidden_act", "multimodal_projector_bias", "spatial_merge_size",
        "vision_feature_layer",

        // What a family says under two names, or always does.
        "model_type", "architectures", "tie_word_embeddings", "rope_theta", "rotary_pct", "partial_rotary_factor",
        "original_max_position_embeddings", "hidden_act", "position_embedding_type", "sinusoidal_pos_embds", "max_window_layers",
        "gating_hidden_dim", "gating_n_hidden", "gating_temperature", "num_objectives",
        "use_parallel_block", "use_gated_activation", "use_embedding_sharing", "layer_switch", "order_of_interleaved_layers",
        "full_attn_mod", "interpolate_factor");

    /// <summary>Their names, in the order of the file; those that say nothing (null, false, empty) are left out.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="kind">The head.</param>
    public static IReadOnlyList<string> Of(ModelConfig config, HeadKind kind)
    {
        var read = new HashSet<string>(StringComparer.Ordinal);
        _ = TransformerModel.TensorsOf(config.Noting(read), kind);
        return [.. Unread(config), .. config.Section(TextPart) is { } part ? Unread(part) : []];

        IEnumerable<string> Unread(ModelConfig fields) => fields.FieldNames.Where(name =>
            !read.Contains(name) && !Harmless.Contains(name) && !name.StartsWith('_') && fields.IsSet(name));
    }
}
