#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(SubNetworks, AutoMeansTheGoodPathAndItsDenoisingPartner) {
    using testing::ElementsAre;
    using testing::IsEmpty;
    const std::shared_ptr<Task> task = small_configuration().task;
    EXPECT_THAT(task->known_sub_networks({2, 2}), ElementsAre("good=1.1", "good+denoising=1.1,2.1"));
    EXPECT_THAT(task->known_sub_networks({2, 1, 2}), ElementsAre("good=1.1.1", "good+denoising=1.1.1,2.1.1"));
    EXPECT_THAT(task->known_sub_networks({1, 1}), IsEmpty());
}

}  // namespace
}  // namespace attnpaths
