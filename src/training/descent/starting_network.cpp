#include "training/descent/starting_network.hpp"

namespace attnpaths {

TrainedNetwork starting_network(TrainingSettings& settings, ImageSet& images) {
    TrainedNetwork start;
    if (!settings.from.empty()) {
        start = read_network(settings.from);
        settings.patch = start.notes.patch;
        settings.images.size = start.notes.image_size;
    }
    images = read_images(settings.images);
    if (settings.from.empty()) {
        start.shape = {settings.heads, settings.patch.width(), settings.query_width, settings.width};
        start.weights = draw_initial_weights(WeightLayout(start.shape), settings.seed);
        start.notes.label_vectors = draw_label_vectors(settings.seed, settings.patch.width());
    }
    start.notes = describe_one_shot(images, settings.patch, start.notes.label_vectors, settings.seed);
    return start;
}

}  // namespace attnpaths
